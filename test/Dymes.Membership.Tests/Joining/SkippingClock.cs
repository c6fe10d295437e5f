namespace Dymes.Membership.Tests.Joining;

/// <summary>A clock that passes over whatever somebody waits for: a short timer rings at once, and time has moved on by its length. Long ones are for what does not happen in a test.</summary>
internal sealed class SkippingClock : TimeProvider
{
    private static readonly TimeSpan SkippedMax = TimeSpan.FromMilliseconds(500);
    private long _ticks;

    /// <summary>What happens while somebody waits, given how much time has passed.</summary>
    public Func<TimeSpan, Task> Meanwhile { get; set; } = _ => Task.CompletedTask;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero && dueTime <= SkippedMax)
        {
            _ = Task.Run(async () =>
            {
                await Meanwhile(TimeSpan.FromTicks(Interlocked.Add(ref _ticks, dueTime.Ticks)));
                callback(state);
            });
        }

        return new IdleTimer();
    }

    private sealed class IdleTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
