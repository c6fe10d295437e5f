using Dymes.Common;

namespace Dymes.Http;

/// <summary>What one client, and all together, may ask of a front door. Each limit has a reason; none may be switched off.</summary>
public sealed record HttpLimits
{
    /// <summary>The largest single request, and the largest line or element of a batch. 64 KiB to 64 MiB; 4 MiB: the largest frame in base64 takes 2.7 MiB, and its entries need room too.</summary>
    public int RequestBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>The most bytes of large requests that are held at a time, over all connections. 16 MiB to 16 GiB; 128 MiB: more is answered 503 rather than swapped.</summary>
    public long BufferedBytesMax { get; init; } = 128 * 1024 * 1024;

    /// <summary>The most connections. 1 to 1,000,000; 10,000: each costs some ten KiB.</summary>
    public int ConnectionsMax { get; init; } = 10_000;

    /// <summary>How long a client may take to send the head of a request. 1 s to 5 min; 10 s: a head is one packet.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an idle connection is kept. 1 s to 1 h; 130 s: longer than the two minutes after which most clients close it themselves.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>The slowest that a client may send or take a body, in bytes per second on average, after a grace of 10 s. 1 to 1,000,000; 240: slower is an attack or a dead line.</summary>
    public int BodyBytesPerSecondMin { get; init; } = 240;

    /// <summary>How long a client may take nothing of an answer that waits for it, before the connection is broken. 1 s to 1 h; 2 min: a page that nobody reads is memory that others need.</summary>
    public TimeSpan AnswerPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The most subscriptions at a time. 1 to 100,000; 1,024: each holds a page of messages.</summary>
    public int SubscriptionsMax { get; init; } = 1024;

    /// <summary>The most batches and imports at a time. 1 to 10,000; 32: each holds up to ten MiB; of those up to 64 KiB, 64 count as one.</summary>
    public int BatchesMax { get; init; } = 32;

    /// <summary>The most memory for the receipts of one batch that its client has not read. 64 KiB to 4 GiB; 64 MiB: a million messages. They count as <see cref="BufferedBytesMax"/> too.</summary>
    public long UnreadReceiptBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>How often a quiet subscription shows that it lives. 100 ms to 5 min; 5 s: below the patience of proxies and clients.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a session read waits for the position that it names. 1 ms to 1 min; 2 s: a replica that is further behind is better left.</summary>
    public TimeSpan SessionWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a linearizable read waits for the primary's word. 1 ms to 1 min; 6 s: like an append it outlasts a change of primaries, also on a machine that has no time.</summary>
    public TimeSpan ConfirmWait { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Checks the values.</summary>
    /// <exception cref="DymesException">One is out of its range.</exception>
    public void Validate()
    {
        Check(nameof(RequestBytesMax), RequestBytesMax, 64 * 1024, 64 * 1024 * 1024);
        Check(nameof(BufferedBytesMax), BufferedBytesMax, 16L * 1024 * 1024, 16L * 1024 * 1024 * 1024);
        Check(nameof(ConnectionsMax), ConnectionsMax, 1, 1_000_000);
        Check(nameof(BodyBytesPerSecondMin), BodyBytesPerSecondMin, 1, 1_000_000);
        Check(nameof(SubscriptionsMax), SubscriptionsMax, 1, 100_000);
        Check(nameof(BatchesMax), BatchesMax, 1, 10_000);
        Check(nameof(UnreadReceiptBytesMax), UnreadReceiptBytesMax, 64 * 1024, 4L * 1024 * 1024 * 1024);
        Check(nameof(AnswerPatience), AnswerPatience, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Check(nameof(HeadersTimeout), HeadersTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        Check(nameof(KeepAliveTimeout), KeepAliveTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Check(nameof(HeartbeatInterval), HeartbeatInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        Check(nameof(SessionWait), SessionWait, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        Check(nameof(ConfirmWait), ConfirmWait, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
    }

    private static void Check<TValue>(string name, TValue value, TValue min, TValue max)
        where TValue : IComparable<TValue>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            throw new DymesException(ErrorCode.ConfigurationInvalid, $"{name} is {value}; it must be from {min} to {max}.") { Field = name };
        }
    }
}
