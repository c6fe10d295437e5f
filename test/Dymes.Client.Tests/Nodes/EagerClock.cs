using System.Collections.Concurrent;

namespace Dymes.Client.Tests.Nodes;

/// <summary>A clock on which waits are over as soon as they begin, and are written down; timeouts, which are longer, run out when the test says so.</summary>
/// <param name="waitMax">The longest time that is a wait.</param>
public sealed class EagerClock(TimeSpan waitMax) : TimeProvider
{
    private readonly ConcurrentDictionary<EagerTimer, bool> _timeouts = [];
    private long _ticks;

    /// <summary>The waits that were asked for.</summary>
    public ConcurrentQueue<TimeSpan> Waits { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new EagerTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets all timeouts run out.</summary>
    public void RunOut()
    {
        foreach (var timer in _timeouts.Keys)
        {
            timer.Fire();
        }
    }

    private sealed class EagerTimer(EagerClock clock, Action callback) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock._timeouts.TryRemove(this, out _);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return true;
            }

            if (dueTime > clock.WaitMax)
            {
                clock._timeouts[this] = true;
                return true;
            }

            clock.Waits.Enqueue(dueTime);
            Interlocked.Add(ref clock._ticks, dueTime.Ticks);
            ThreadPool.QueueUserWorkItem(_ => callback());
            return true;
        }

        public void Fire()
        {
            if (clock._timeouts.TryRemove(this, out _))
            {
                callback();
            }
        }

        public void Dispose() => clock._timeouts.TryRemove(this, out _);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private TimeSpan WaitMax => waitMax;
}
