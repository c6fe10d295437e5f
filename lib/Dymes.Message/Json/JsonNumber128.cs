using System.Text.Json;
using Dymes.Common;

namespace Dymes.Message.Json;

/// <summary>128-bit numbers of JSON input, all digits kept: a JSON number, a decimal string, or a string with <c>0x</c>, <c>0o</c> or <c>0b</c>.</summary>
internal static class JsonNumber128
{
    private const int DigitsMax = 39;

    /// <summary>The number at the reader.</summary>
    public static UInt128 Read(scoped ref Utf8JsonReader reader, scoped ref byte[] scratch, string pointer)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return ReadDigits(reader.ValueSpan, pointer);
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            throw JsonRefusal.Type(pointer, "a number, a decimal string or a 0x string", reader.TokenType);
        }

        return ReadForm(JsonText.Unescape(ref reader, ref scratch, pointer), out var value) switch
        {
            NumberForm.Number => value,
            NumberForm.TooLarge => throw TooLarge(pointer),
            _ => throw JsonRefusal.Invalid(pointer, $"The string at {pointer} is not a number: write decimal digits, or 0x and hexadecimal digits."),
        };
    }

    /// <summary>The channel at the reader: a number, or a name, which is then in <paramref name="name"/>.</summary>
    public static ChannelId ReadChannel(scoped ref Utf8JsonReader reader, scoped ref byte[] scratch, string pointer, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (reader.TokenType != JsonTokenType.String)
        {
            return new ChannelId(Read(ref reader, ref scratch, pointer));
        }

        var text = JsonText.Unescape(ref reader, ref scratch, pointer);
        if (text.Length is 0 or > MessageLimits.ChannelNameBytesMax)
        {
            throw JsonRefusal.Invalid(pointer, $"A channel's name has 1 to {MessageLimits.ChannelNameBytesMax} bytes; this one has {text.Length}.");
        }

        switch (ReadForm(text, out var value))
        {
            case NumberForm.Number:
                return new ChannelId(value);
            case NumberForm.TooLarge:
                throw TooLarge(pointer);
            default:
                name = text;
                return ChannelId.OfName(text);
        }
    }

    private static UInt128 ReadDigits(ReadOnlySpan<byte> digits, string pointer)
    {
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            throw JsonRefusal.Invalid(pointer, $"{pointer} must be a whole number of 0 to 2^128-1, written without sign, point or exponent.");
        }

        if (digits.Length > DigitsMax || ReadForm(digits, out var value) != NumberForm.Number)
        {
            throw TooLarge(pointer);
        }

        return value;
    }

    // Text longer than any name is none of ours; what is not ASCII becomes characters that are not digits.
    private static NumberForm ReadForm(ReadOnlySpan<byte> text, out UInt128 value)
    {
        value = default;
        if (text.Length > MessageLimits.ChannelNameBytesMax)
        {
            return NumberForm.None;
        }

        Span<char> symbols = stackalloc char[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            symbols[i] = (char)text[i];
        }

        return Number128.Read(symbols, out value);
    }

    private static DymesException TooLarge(string pointer) =>
        JsonRefusal.Invalid(pointer, $"The number at {pointer} is over 128 bits; the largest is {UInt128.MaxValue}.");
}
