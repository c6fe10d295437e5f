using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Dymes.Message.Json;

/// <summary>Writes stored messages as the JSON of the API: for readers, as import requests, and as the original exported them.</summary>
public static class MessageJson
{
    private const string NoId = "00000000000000000000000000";
    private const int Hex128Length = 34;

    /// <summary>The options for a writer of messages: text stays readable, and what is written is valid by construction.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a message as answers show it. Entries with reserved keys are shown as fields, or not at all.</summary>
    public static void Write(Utf8JsonWriter writer, MessageFrame frame, BodyForm form = BodyForm.Base64)
    {
        writer.WriteStartObject();
        WriteId(writer, "id"u8, frame.Id);
        writer.WriteNumber("lsn"u8, frame.Lsn.Value);
        WriteTime(writer, "time"u8, frame.Id);
        WriteHex(writer, "channel"u8, frame.Channel.Value);
        if (frame.TryGetKv(ReservedKeys.ChannelName, out var name))
        {
            writer.WriteString("channel_name"u8, name);
        }
        else
        {
            writer.WriteNull("channel_name"u8);
        }

        WriteHex(writer, "routing"u8, frame.Routing);
        if (frame.CorrelationId.IsNone)
        {
            writer.WriteNull("encoded_correlation_id"u8);
        }
        else
        {
            WriteId(writer, "encoded_correlation_id"u8, frame.CorrelationId);
        }

        WriteEntries(writer, "kv_entries"u8, frame, withReserved: false);
        WriteBody(writer, frame.Body, form);
        writer.WriteEndObject();
    }

    /// <summary>Writes a message as an import request, from which <see cref="CreationRequestReader"/> makes the same frame again.</summary>
    public static void WriteImport(Utf8JsonWriter writer, MessageFrame frame)
    {
        writer.WriteStartObject();
        WriteId(writer, "encoded_id"u8, frame.Id);
        WriteHex(writer, "channel"u8, frame.Channel.Value);
        WriteHex(writer, "routing"u8, frame.Routing);
        if (!frame.CorrelationId.IsNone)
        {
            WriteId(writer, "encoded_correlation_id"u8, frame.CorrelationId);
        }

        WriteEntries(writer, "kv_entries"u8, frame, withReserved: true);
        writer.WriteBase64String("encoded_msg_body"u8, frame.Body);
        writer.WriteEndObject();
    }

    /// <summary>Writes a message as an element of the original's export.</summary>
    public static void WriteOriginal(Utf8JsonWriter writer, MessageFrame frame)
    {
        writer.WriteStartObject();
        WriteId(writer, "id"u8, frame.Id);
        if (frame.CorrelationId.IsNone)
        {
            writer.WriteString("correlation_id"u8, NoId);
        }
        else
        {
            WriteId(writer, "correlation_id"u8, frame.CorrelationId);
        }

        WriteDecimal(writer, "channel"u8, frame.Channel.Value);
        WriteDecimal(writer, "routing"u8, frame.Routing);
        WriteEntries(writer, "headers"u8, frame, withReserved: true);
        writer.WriteBase64String("content"u8, frame.Body);
        writer.WriteEndObject();
    }

    /// <summary>Writes the time of an id, in UTC with milliseconds.</summary>
    public static void WriteTime(Utf8JsonWriter writer, ReadOnlySpan<byte> name, MessageId id)
    {
        Span<byte> text = stackalloc byte[32];
        id.Time.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        writer.WriteString(name, text[..length]);
    }

    /// <summary>Writes an id as its 26 characters.</summary>
    public static void WriteId(Utf8JsonWriter writer, ReadOnlySpan<byte> name, MessageId id)
    {
        Span<byte> text = stackalloc byte[MessageId.TextLength];
        id.WriteText(text);
        writer.WriteString(name, text);
    }

    /// <summary>Writes a 128-bit number as a <c>0x…</c> string.</summary>
    public static void WriteHex(Utf8JsonWriter writer, ReadOnlySpan<byte> name, UInt128 number)
    {
        Span<byte> text = stackalloc byte[Hex128Length];
        "0x"u8.CopyTo(text);
        number.TryFormat(text[2..], out var digits, "x", CultureInfo.InvariantCulture);
        writer.WriteString(name, text[..(2 + digits)]);
    }

    private static void WriteDecimal(Utf8JsonWriter writer, ReadOnlySpan<byte> name, UInt128 number)
    {
        Span<byte> text = stackalloc byte[40];
        number.TryFormat(text, out var digits, default, CultureInfo.InvariantCulture);
        writer.WritePropertyName(name);
        writer.WriteRawValue(text[..digits], skipInputValidation: true);
    }

    private static void WriteEntries(Utf8JsonWriter writer, ReadOnlySpan<byte> name, MessageFrame frame, bool withReserved)
    {
        writer.WriteStartArray(name);
        for (var i = 0; i < frame.KvCount; i++)
        {
            var entry = frame.KvAt(i);
            if (ReservedKeys.IsReserved(entry.Key) && !withReserved)
            {
                continue;
            }

            writer.WriteStartObject();
            writer.WriteString("key"u8, entry.Key);
            writer.WriteString("value"u8, entry.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteBody(Utf8JsonWriter writer, ReadOnlySpan<byte> body, BodyForm form)
    {
        if (form == BodyForm.Json && IsJson(body))
        {
            writer.WritePropertyName("body"u8);
            WriteOnOneLine(writer, body);
        }
        else if (form == BodyForm.Text && Utf8.IsValid(body))
        {
            writer.WriteString("body"u8, body);
        }
        else
        {
            writer.WriteBase64String("encoded_msg_body"u8, body);
        }
    }

    // Answers are often lines. Line breaks cannot stand within a string of JSON, so all of them are white space.
    private static void WriteOnOneLine(Utf8JsonWriter writer, ReadOnlySpan<byte> body)
    {
        if (!body.ContainsAny((byte)'\n', (byte)'\r'))
        {
            writer.WriteRawValue(body, skipInputValidation: true);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(body.Length);
        var line = rented.AsSpan(0, body.Length);
        body.CopyTo(line);
        line.Replace((byte)'\n', (byte)' ');
        line.Replace((byte)'\r', (byte)' ');
        writer.WriteRawValue(line, skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            return false;
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = CreationRequestReader.DepthMax });
        try
        {
            while (reader.Read())
            {
            }

            return !body.IsEmpty;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
