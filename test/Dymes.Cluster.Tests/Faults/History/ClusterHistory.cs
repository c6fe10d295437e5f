using System.Collections.Concurrent;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>What clients saw of a cluster. Safe for concurrent use.</summary>
internal sealed class ClusterHistory
{
    private readonly ConcurrentQueue<Attempt> _attempts = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private Attempt? _newest;
    private long _reads;
    private long _cursorPages;

    /// <summary>How many reads were answered and checked.</summary>
    public long Reads => Volatile.Read(ref _reads);

    /// <summary>How many pages cursors gave.</summary>
    public long CursorPages => Volatile.Read(ref _cursorPages);

    /// <summary>All appends that were tried.</summary>
    public IReadOnlyCollection<Attempt> Attempts => _attempts;

    /// <summary>What cannot be, in words.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>The newest message that was acknowledged to anybody, as far as is known.</summary>
    public Attempt? Newest => Volatile.Read(ref _newest);

    public int Count(AttemptOutcome outcome) => _attempts.Count(attempt => attempt.Outcome == outcome);

    public void Add(Attempt attempt)
    {
        _attempts.Enqueue(attempt);
        lock (_attempts)
        {
            if (attempt.Outcome == AttemptOutcome.Acknowledged && (_newest is null || attempt.Lsn > _newest.Lsn))
            {
                Volatile.Write(ref _newest, attempt);
            }
        }
    }

    /// <summary>Takes the answer of a read that began after an append was acknowledged.</summary>
    public void Add(Attempt acknowledged, ReadAnswer answer)
    {
        Interlocked.Increment(ref _reads);
        if (answer.Contradiction(acknowledged) is { } contradiction)
        {
            Violate(contradiction);
        }
    }

    public void CountCursorPage() => Interlocked.Increment(ref _cursorPages);

    public void Violate(string what) => _violations.Enqueue(what);

    /// <summary>The longest time in which nobody was acknowledged.</summary>
    public TimeSpan LongestSilence()
    {
        var ends = _attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Acknowledged).Select(attempt => attempt.EndedAt).Order().ToArray();
        return ends.Zip(ends.Skip(1), TimeProvider.System.GetElapsedTime).DefaultIfEmpty().Max();
    }

    /// <summary>Compares what clients saw with what the nodes have when all is well again, and fails where they contradict each other.</summary>
    /// <param name="cluster">The nodes.</param>
    /// <param name="followers">Those who followed it from its first message on.</param>
    public async Task CheckAsync(SiloCluster cluster, params IEnumerable<DoorFollower> followers)
    {
        var log = await ClusterLog.ReadAsync(cluster, Violate);
        var rules = new HistoryRules(Attempts, log);
        foreach (var broken in rules.Broken())
        {
            Violate(broken);
        }

        foreach (var follower in followers)
        {
            foreach (var broken in rules.BrokenFor(follower.Name, await follower.SeenAsync(log.Count)))
            {
                Violate(broken);
            }
        }

        Assert.Empty(Violations);
    }
}
