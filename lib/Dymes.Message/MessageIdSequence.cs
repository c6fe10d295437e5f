namespace Dymes.Message;

/// <summary>
/// Hands out ids that only grow, whatever the clock does: a new millisecond starts at a random place, the same or an earlier one goes on from the last id.
/// Owned by the one writer of a log; not thread-safe.
/// </summary>
/// <param name="random">Fills a span with random bytes; an argument so that a simulation can seed it.</param>
/// <param name="last">The last id handed out before, or <see cref="MessageId.None"/>.</param>
public sealed class MessageIdSequence(Action<byte[]> random, MessageId last = default)
{
    private readonly byte[] _entropy = new byte[10];

    /// <summary>The last id handed out.</summary>
    public MessageId Last { get; private set; } = last;

    /// <summary>The next id: greater than <see cref="Last"/>, and of the given millisecond unless the clock stepped back.</summary>
    /// <param name="unixMilliseconds">Now, in milliseconds since 1970.</param>
    public MessageId Next(long unixMilliseconds)
    {
        var candidate = MessageId.FirstAt(unixMilliseconds);
        Last = candidate.UnixMilliseconds > Last.UnixMilliseconds
            ? new MessageId(candidate.Value | Entropy())
            : new MessageId(checked(Last.Value + 1));
        return Last;
    }

    /// <summary>Forgets ids that were handed out and then not used.</summary>
    public void RewindTo(MessageId last) => Last = last;

    // The highest random bit stays zero, so that a millisecond has room for 2^79 increments.
    private UInt128 Entropy()
    {
        random(_entropy);
        UInt128 value = 0;
        foreach (var octet in _entropy)
        {
            value = (value << 8) | octet;
        }

        return value & ((UInt128.One << 79) - 1);
    }
}
