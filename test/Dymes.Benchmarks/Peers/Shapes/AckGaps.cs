using System.Diagnostics;

namespace Dymes.Benchmarks.Peers.Shapes;

/// <summary>The times between acknowledgements, whoever got them. Clients tell of theirs at once, from any thread.</summary>
internal sealed class AckGaps
{
    // When so many came without a gap worth the name, the system goes on as before.
    private const int AcksWhenSteady = 1000;
    private static readonly TimeSpan Hitch = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _last;
    private TaskCompletionSource? _steady;
    private int _acksInARow;

    /// <summary>The longest since <see cref="Forget"/>.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Forgets the gaps up to now; the one that lasts now counts whole.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            (Longest, _acksInARow) = (TimeSpan.Zero, 0);
            _steady = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Acknowledge()
    {
        lock (_gate)
        {
            var gap = _watch.Elapsed - _last;
            _last += gap;
            Longest = gap > Longest ? gap : Longest;
            _acksInARow = gap > Hitch ? 0 : _acksInARow + 1;
            if (_acksInARow >= AcksWhenSteady)
            {
                _steady?.TrySetResult();
            }
        }
    }

    /// <summary>Waits until acknowledgements come steadily again.</summary>
    public Task UntilSteadyAsync(CancellationToken stop)
    {
        lock (_gate)
        {
            _acksInARow = 0;
            _steady = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _steady.Task.WaitAsync(Deadline, stop);
        }
    }
}
