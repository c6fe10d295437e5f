namespace Dymes.Vsr.Simulation.Running;

/// <summary>A machine's clocks: a monotonic one that runs fast or slow, and one of the day that also steps.</summary>
/// <param name="queue">True time.</param>
/// <param name="drift">How much faster than true time it runs; 0.05 is five percent.</param>
internal sealed class HostClock(EventQueue queue, double drift)
{
    private const long Epoch = 1_700_000_000_000;
    private long _stepped;

    public ulong MonotonicMilliseconds => (ulong)(queue.Now * (1 + drift) / 1000);

    public long UnixMilliseconds => Epoch + (long)MonotonicMilliseconds + _stepped;

    public void Step(long milliseconds) => _stepped += milliseconds;
}
