namespace Dymes.Replication;

/// <summary>The two clocks of a host: one that only grows, for timeouts, and the wall clock, for messages.</summary>
internal sealed class HostTime(TimeProvider clock)
{
    /// <summary>The monotonic clock in milliseconds.</summary>
    public ulong Milliseconds => MillisecondsAt(clock.GetTimestamp());

    /// <summary>The wall clock in milliseconds since 1970. It may step in both directions.</summary>
    public long UnixMilliseconds => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A timestamp of the monotonic clock in milliseconds.</summary>
    public ulong MillisecondsAt(long timestamp) => (ulong)((UInt128)(ulong)timestamp * 1000 / (ulong)clock.TimestampFrequency);
}
