namespace Dymes.Message;

/// <summary>
/// KV keys that Dymes writes itself. They travel with the frame, so that a raw frame, an export or a replica needs nothing beside it; the JSON
/// form of a message shows them as fields, not as entries. No client may set a key with their prefix.
/// </summary>
public static class ReservedKeys
{
    /// <summary>The prefix of all of them.</summary>
    public static ReadOnlySpan<byte> Prefix => "dymes:"u8;

    /// <summary>The name of the message's channel. Its XxHash128 is the channel.</summary>
    public static ReadOnlySpan<byte> ChannelName => "dymes:channel"u8;

    /// <summary>On the first message of a request with an idempotency key: the number of its messages in decimal, a colon, the key.</summary>
    public static ReadOnlySpan<byte> IdempotencyKey => "dymes:idempotency"u8;

    /// <summary>Whether a key is one that clients may not set.</summary>
    public static bool IsReserved(ReadOnlySpan<byte> key) => key.StartsWith(Prefix);
}
