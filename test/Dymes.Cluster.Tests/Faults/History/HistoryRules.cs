using Dymes.Message;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>What must be true of what clients saw and the log that is there when all is well again.</summary>
/// <param name="attempts">All appends that were tried.</param>
/// <param name="log">The log, in order.</param>
internal sealed class HistoryRules(IReadOnlyCollection<Attempt> attempts, IReadOnlyList<LoggedMessage> log)
{
    private readonly Dictionary<string, int> _places = [];

    /// <summary>All that is not as it must be, in words.</summary>
    public IEnumerable<string> Broken() => [.. CheckLog(), .. CheckAttempts(), .. CheckRealTime()];

    /// <summary>What a follower was shown, from the first message on, is the log.</summary>
    /// <param name="name">The follower.</param>
    /// <param name="seen">The ids that it saw, in order.</param>
    public IEnumerable<string> BrokenFor(string name, IReadOnlyList<MessageId> seen)
    {
        for (var lsn = 0; lsn < Math.Min(seen.Count, log.Count); lsn++)
        {
            if (seen[lsn] != log[lsn].Id)
            {
                return [$"{name} was shown {seen[lsn]} at {lsn}, where the log has {log[lsn].Id}"];
            }
        }

        return seen.Count == log.Count ? [] : [$"{name} was shown {seen.Count} messages, and the log has {log.Count}"];
    }

    private IEnumerable<string> CheckLog()
    {
        var sent = attempts.Select(attempt => attempt.Token).ToHashSet();
        for (var lsn = 0; lsn < log.Count; lsn++)
        {
            var token = log[lsn].Token;
            if (!_places.TryAdd(token, lsn))
            {
                yield return $"{token} is in the log twice, at {_places[token]} and {lsn}";
            }

            if (!sent.Contains(token))
            {
                yield return $"{token} is in the log at {lsn}, and nobody sent it";
            }

            if (lsn > 0 && log[lsn].Id <= log[lsn - 1].Id)
            {
                yield return $"the id at {lsn} is not greater than the one before";
            }
        }
    }

    private IEnumerable<string> CheckAttempts()
    {
        foreach (var attempt in attempts)
        {
            var isThere = _places.TryGetValue(attempt.Token, out var lsn);
            if (attempt.Outcome == AttemptOutcome.Acknowledged && (!isThere || attempt.Lsn.Value != (ulong)lsn))
            {
                yield return $"{attempt.Token} was acknowledged at {attempt.Lsn}, and is {(isThere ? $"at {lsn}" : "not in the log")}";
            }
            else if (attempt.Outcome == AttemptOutcome.Acknowledged && attempt.Id != log[lsn].Id)
            {
                yield return $"{attempt.Token} was acknowledged as {attempt.Id}, and is {log[lsn].Id} in the log";
            }
            else if (attempt.Outcome == AttemptOutcome.Refused && isThere)
            {
                yield return $"{attempt.Token} was refused ({attempt.Trouble}), and is in the log at {lsn}";
            }
        }
    }

    // What was acknowledged before another append was sent lies before it, however that one ended.
    private IEnumerable<string> CheckRealTime()
    {
        var byEnd = attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Acknowledged).OrderBy(attempt => attempt.EndedAt).ToArray();
        var (next, highest) = (0, (Attempt?)null);
        foreach (var attempt in attempts.Where(attempt => _places.ContainsKey(attempt.Token)).OrderBy(attempt => attempt.SentAt))
        {
            for (; next < byEnd.Length && byEnd[next].EndedAt < attempt.SentAt; next++)
            {
                highest = highest is null || byEnd[next].Lsn > highest.Lsn ? byEnd[next] : highest;
            }

            var place = (ulong)_places[attempt.Token];
            if (highest is not null && highest.Lsn.Value > place)
            {
                yield return $"{highest.Token} was acknowledged at {highest.Lsn} before {attempt.Token} was sent, which is at {place}";
            }
        }
    }
}
