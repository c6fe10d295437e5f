using System.Collections.Concurrent;
using Dymes.Common;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>What clients saw of a cluster, and what must be true of it. Safe for concurrent use.</summary>
internal sealed class ClusterHistory
{
    private readonly ConcurrentQueue<Attempt> _attempts = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private (string Id, Lsn Lsn)? _newest;
    private long _reads;
    private long _cursorPages;

    public int Appends => _attempts.Count;

    public long Reads => Volatile.Read(ref _reads);

    public long CursorPages => Volatile.Read(ref _cursorPages);

    public IReadOnlyCollection<string> Violations => _violations;

    public int Count(AttemptOutcome outcome) => _attempts.Count(attempt => attempt.Outcome == outcome);

    /// <summary>The newest message that was acknowledged to anybody, as far as is known.</summary>
    public (string Id, Lsn Lsn)? Newest
    {
        get
        {
            lock (_attempts)
            {
                return _newest;
            }
        }
    }

    public void Add(Attempt attempt, string? id)
    {
        _attempts.Enqueue(attempt);
        lock (_attempts)
        {
            if (id is not null && (_newest is not { } newest || attempt.Lsn > newest.Lsn))
            {
                _newest = (id, attempt.Lsn);
            }
        }
    }

    public void CountRead() => Interlocked.Increment(ref _reads);

    public void CountCursorPage() => Interlocked.Increment(ref _cursorPages);

    public void Violate(string what) => _violations.Enqueue(what);

    /// <summary>The longest time in which nobody was acknowledged.</summary>
    public TimeSpan LongestSilence()
    {
        var ends = _attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Acknowledged).Select(attempt => attempt.EndedAt).Order().ToArray();
        return ends.Zip(ends.Skip(1), TimeProvider.System.GetElapsedTime).DefaultIfEmpty().Max();
    }

    /// <summary>Compares what clients saw with a log that a node has when all is well again.</summary>
    /// <param name="bodies">The bodies of its messages, in order.</param>
    public void Check(IReadOnlyList<string> bodies)
    {
        var places = new Dictionary<string, int>();
        for (var lsn = 0; lsn < bodies.Count; lsn++)
        {
            if (!places.TryAdd(bodies[lsn], lsn))
            {
                Violate($"{bodies[lsn]} is in the log twice, at {places[bodies[lsn]]} and {lsn}");
            }
        }

        foreach (var attempt in _attempts)
        {
            var isThere = places.TryGetValue(attempt.Token, out var lsn);
            if (attempt.Outcome == AttemptOutcome.Acknowledged && (!isThere || attempt.Lsn.Value != (ulong)lsn))
            {
                Violate($"{attempt.Token} was acknowledged at {attempt.Lsn}, and is {(isThere ? $"at {lsn}" : "not in the log")}");
            }
            else if (attempt.Outcome == AttemptOutcome.Refused && isThere)
            {
                Violate($"{attempt.Token} was refused, and is in the log at {lsn}");
            }
        }

        CheckRealTime();
    }

    // What was acknowledged before another append was sent lies before it.
    private void CheckRealTime()
    {
        var acknowledged = _attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Acknowledged).ToArray();
        var byEnd = acknowledged.OrderBy(attempt => attempt.EndedAt).ToArray();
        var (next, highest) = (0, (Attempt?)null);
        foreach (var attempt in acknowledged.OrderBy(attempt => attempt.SentAt))
        {
            for (; next < byEnd.Length && byEnd[next].EndedAt < attempt.SentAt; next++)
            {
                highest = highest is null || byEnd[next].Lsn > highest.Lsn ? byEnd[next] : highest;
            }

            if (highest is not null && highest.Lsn > attempt.Lsn)
            {
                Violate($"{highest.Token} was acknowledged at {highest.Lsn} before {attempt.Token} was sent, which is at {attempt.Lsn}");
            }
        }
    }
}
