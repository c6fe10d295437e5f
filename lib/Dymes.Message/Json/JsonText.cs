using System.Text.Json;

namespace Dymes.Message.Json;

/// <summary>Strings of a JSON reader as UTF-8, without making a <see cref="string"/>.</summary>
internal static class JsonText
{
    /// <summary>The string at the reader: a slice of the input, or, where it has escapes, of <paramref name="scratch"/>.</summary>
    public static ReadOnlySpan<byte> Read(scoped ref Utf8JsonReader reader, scoped ref byte[] scratch, string pointer)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw JsonRefusal.Type(pointer, "a string", reader.TokenType);
        }

        return Unescape(ref reader, ref scratch, pointer);
    }

    /// <summary>The string or property name at the reader.</summary>
    public static ReadOnlySpan<byte> Unescape(scoped ref Utf8JsonReader reader, scoped ref byte[] scratch, string pointer)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        if (scratch.Length < reader.ValueSpan.Length)
        {
            scratch = new byte[reader.ValueSpan.Length];
        }

        try
        {
            return scratch.AsSpan(0, reader.CopyString(scratch));
        }
        catch (InvalidOperationException)
        {
            throw JsonRefusal.Invalid(pointer, $"The string at {pointer} has half a surrogate pair (\\uD800 to \\uDFFF); such text has no UTF-8 form.");
        }
    }

    /// <summary>The id at the reader; null and 26 zeros are none.</summary>
    public static MessageId ReadId(scoped ref Utf8JsonReader reader, scoped ref byte[] scratch, string pointer)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return MessageId.None;
        }

        return MessageId.TryParse(Read(ref reader, ref scratch, pointer), out var id)
            ? id
            : throw JsonRefusal.Invalid(pointer, $"{pointer} is not a ULID: it must have {MessageId.TextLength} characters of Crockford base32, the first of them 0 to 7.");
    }
}
