namespace Dymes.Message;

/// <summary>A header of a message: a key and a value, both UTF-8, as they stand in the frame.</summary>
public readonly ref struct KvEntry
{
    internal KvEntry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Key = key;
        Value = value;
    }

    /// <summary>The key.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>The value; may be empty.</summary>
    public ReadOnlySpan<byte> Value { get; }
}
