using System.Text.Json;

namespace Dymes.Message.Json;

/// <summary>Reads the array of KV entries of a request into a frame builder: <c>[{"key": …, "value": …}, …]</c>. A key given twice has its last value.</summary>
internal sealed class KvEntriesReader
{
    private byte[] _name = new byte[16];
    private byte[] _key = new byte[64];
    private byte[] _value = new byte[256];

    public bool HasContentType { get; private set; }

    public bool HasChannelName { get; private set; }

    /// <summary>The channel of the reserved entry with a channel's name.</summary>
    public ChannelId ChannelOfName { get; private set; }

    public long DataBytes { get; private set; }

    public void Reset()
    {
        if (DataBytes > _value.Length || _value.Length > 64 * 1024)
        {
            _value = new byte[256];
            _key = new byte[64];
        }

        _name = _name.Length > 64 ? new byte[16] : _name;
        HasContentType = false;
        HasChannelName = false;
        ChannelOfName = default;
        DataBytes = 0;
    }

    public void Read(scoped ref Utf8JsonReader reader, FrameBuilder builder, string pointer, bool takesReserved)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw JsonRefusal.Type(pointer, "an array of {\"key\", \"value\"} objects", reader.TokenType);
        }

        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            // Counted as given, not as kept: a million times the same key is work too.
            if (index == MessageLimits.KvEntriesMax)
            {
                throw JsonRefusal.TooLarge(pointer, $"A message has at most {MessageLimits.KvEntriesMax} entries.");
            }

            ReadEntry(ref reader, builder, pointer, index, takesReserved);
        }
    }

    private void ReadEntry(scoped ref Utf8JsonReader reader, FrameBuilder builder, string pointer, int index, bool takesReserved)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw JsonRefusal.Type($"{pointer}/{index}", "an object with key and value", reader.TokenType);
        }

        ReadOnlySpan<byte> key = default;
        ReadOnlySpan<byte> value = default;
        var (hasKey, hasValue) = (false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Unescape(ref reader, ref _name, pointer);
            if (name.SequenceEqual("key"u8) && !hasKey)
            {
                reader.Read();
                key = reader.TokenType == JsonTokenType.String
                    ? JsonText.Unescape(ref reader, ref _key, pointer)
                    : throw JsonRefusal.Type($"{pointer}/{index}/key", "a string", reader.TokenType);
                hasKey = true;
            }
            else if (name.SequenceEqual("value"u8) && !hasValue)
            {
                reader.Read();
                value = reader.TokenType == JsonTokenType.String
                    ? JsonText.Unescape(ref reader, ref _value, pointer)
                    : throw JsonRefusal.Type($"{pointer}/{index}/value", "a string", reader.TokenType);
                hasValue = true;
            }
            else
            {
                throw JsonRefusal.Invalid($"{pointer}/{index}", $"An entry has one key and one value and nothing else; this one has {reader.GetString()}.");
            }
        }

        if (!hasKey || !hasValue)
        {
            throw JsonRefusal.Invalid($"{pointer}/{index}", $"The entry has no {(hasKey ? "value" : "key")}; it needs both.");
        }

        Add(builder, key, value, pointer, index, takesReserved);
    }

    private void Add(FrameBuilder builder, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, string pointer, int index, bool takesReserved)
    {
        if (key.Length is 0 or > MessageLimits.KvKeyBytesMax)
        {
            throw JsonRefusal.Invalid($"{pointer}/{index}/key", $"A key has {key.Length} bytes; it must have 1 to {MessageLimits.KvKeyBytesMax}.");
        }

        if (ReservedKeys.IsReserved(key))
        {
            AdmitReserved(key, value, pointer, index, takesReserved);
        }

        HasContentType |= key.SequenceEqual("content-type"u8);
        DataBytes += key.Length + value.Length;
        builder.AddKv(key, value);
    }

    private void AdmitReserved(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, string pointer, int index, bool takesReserved)
    {
        if (!takesReserved)
        {
            throw JsonRefusal.Invalid($"{pointer}/{index}/key", "Keys that begin with dymes: are the log's own. Name a channel with the field channel, and give an idempotency key in the header Idempotency-Key.");
        }

        if (ReservedEntry.FaultOf(key, value) is { } fault)
        {
            throw JsonRefusal.Invalid($"{pointer}/{index}", fault);
        }

        if (key.SequenceEqual(ReservedKeys.ChannelName))
        {
            HasChannelName = true;
            ChannelOfName = ChannelId.OfName(value);
        }
    }
}
