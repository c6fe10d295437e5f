using System.Buffers;
using System.Buffers.Text;

namespace Dymes.Message.Json;

/// <summary>Base64 as clients write it: the standard or the URL-safe alphabet, padded or not. Line breaks and other strays are refused.</summary>
internal static class Base64Text
{
    private const int GroupSymbols = 4;
    private const int GroupBytes = 3;

    /// <summary>How many bytes the text decodes to, or -1 where no text of that length and padding is base64.</summary>
    public static int DecodedBytes(ReadOnlySpan<byte> text)
    {
        var symbols = WithoutPadding(text);
        var rest = symbols.Length % GroupSymbols;
        if (rest == 1 || (symbols.Length != text.Length && text.Length % GroupSymbols != 0))
        {
            return -1;
        }

        return (symbols.Length / GroupSymbols * GroupBytes) + (rest == 0 ? 0 : rest - 1);
    }

    /// <summary>Decodes the text into <paramref name="bytes"/>, which has exactly <see cref="DecodedBytes"/> bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        var symbols = WithoutPadding(text);
        return TryDecodeStandard(symbols, bytes)
            || (Base64Url.DecodeFromUtf8(symbols, bytes, out var consumed, out var written) == OperationStatus.Done
                && consumed == symbols.Length && written == bytes.Length && IsUrlSafe(symbols));
    }

    private static bool TryDecodeStandard(ReadOnlySpan<byte> symbols, Span<byte> bytes)
    {
        var whole = symbols.Length / GroupSymbols * GroupSymbols;
        var status = Base64.DecodeFromUtf8(symbols[..whole], bytes, out _, out var written, isFinalBlock: false);
        if (status != OperationStatus.Done || written != whole / GroupSymbols * GroupBytes)
        {
            return false;
        }

        if (whole == symbols.Length)
        {
            return true;
        }

        Span<byte> tail = stackalloc byte[GroupSymbols];
        tail.Fill((byte)'=');
        symbols[whole..].CopyTo(tail);
        return Base64.DecodeFromUtf8(tail, bytes[written..], out _, out var tailWritten) == OperationStatus.Done && written + tailWritten == bytes.Length;
    }

    // The decoder skips white space; such text would have decoded to fewer bytes, unless it is white space that takes the place of padding.
    private static bool IsUrlSafe(ReadOnlySpan<byte> symbols) => !symbols.ContainsAny(" \t\r\n"u8);

    private static ReadOnlySpan<byte> WithoutPadding(ReadOnlySpan<byte> text)
    {
        if (text.EndsWith("=="u8))
        {
            return text[..^2];
        }

        return text.EndsWith("="u8) ? text[..^1] : text;
    }
}
