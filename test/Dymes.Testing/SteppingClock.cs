namespace Dymes.Testing;

/// <summary>A clock whose time of day stands still until a test moves it, forward or backward. Its timers and timestamps are the system's.</summary>
/// <param name="start">The first time it shows.</param>
public sealed class SteppingClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks = start.UtcTicks;

    /// <summary>A clock that shows a time with odd milliseconds, so that whatever cuts them off is noticed.</summary>
    public SteppingClock()
        : this(new DateTimeOffset(2026, 3, 14, 15, 9, 26, 535, TimeSpan.Zero))
    {
    }

    /// <summary>The time it shows, in milliseconds since 1970.</summary>
    public long UnixMilliseconds => GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Moves the time; a negative span moves it back.</summary>
    public void Step(TimeSpan span) => Interlocked.Add(ref _ticks, span.Ticks);
}
