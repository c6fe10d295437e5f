using Dymes.Membership.Tables;

namespace Dymes.Membership.Tests.Quorum;

/// <summary>
/// What was asked of a register and what it answered, when. Every change inserts a silo of its own at the version that was seen, so the table that is there in the end tells which change made
/// which version, and each answer can be held against it: that is linearizability.
/// </summary>
internal sealed class RegisterHistory
{
    private readonly List<Read> _reads = [];
    private readonly List<Change> _changes = [];

    public int Changes => _changes.Count(change => change.Outcome == true);

    public int Reads => _reads.Count;

    public int Unknown => _changes.Count(change => change.Outcome is null);

    public void Add(Read read) => _reads.Add(read);

    public Change Begin(TimeSpan start, string silo, int seen)
    {
        var change = new Change(start, silo, seen);
        _changes.Add(change);
        return change;
    }

    /// <summary>What cannot be, in words.</summary>
    /// <param name="final">The table after everything.</param>
    public IEnumerable<string> Violations(MemberTable final)
    {
        var chain = final.Rows.OrderBy(row => row.Etag).Select(row => row.Silo).ToArray();
        if (chain.Length != final.Version)
        {
            yield return $"the table has version {final.Version} and {chain.Length} rows";
            yield break;
        }

        foreach (var read in _reads.Where(read => !read.Table.Rows.OrderBy(row => row.Etag).Select(row => row.Silo).SequenceEqual(chain.Take(read.Table.Version))))
        {
            yield return $"{read.Start}: version {read.Table.Version} was read with other rows than it has in the end";
        }

        foreach (var change in _changes)
        {
            var isThere = change.Seen < chain.Length && chain[change.Seen] == change.Silo;
            if (change.Outcome == true && !isThere)
            {
                yield return $"{change.Start}: the change of version {change.Seen} was answered yes, and is not there";
            }

            if (change.Outcome == false && (chain.Contains(change.Silo) || chain.Length <= change.Seen))
            {
                yield return $"{change.Start}: the change of version {change.Seen} was answered no, and is there or nobody else's is";
            }

            if (chain.Contains(change.Silo) && !isThere)
            {
                yield return $"{change.Start}: the change of version {change.Seen} made another version";
            }
        }

        foreach (var late in Late())
        {
            yield return late;
        }
    }

    // Whoever begins when something has ended sees it.
    private IEnumerable<string> Late()
    {
        var events = _reads.Select(read => (read.Start, read.End, read.Table.Version))
            .Concat(_changes.Where(change => change.Outcome == true).Select(change => (change.Start, change.End, Version: change.Seen + 1)))
            .ToArray();
        return from later in events
               let before = events.Where(earlier => earlier.End < later.Start).Select(earlier => earlier.Version).DefaultIfEmpty().Max()
               where later.Version < before
               select $"{later.Start}: saw version {later.Version}, after version {before} had been seen";
    }
}

/// <summary>A read and its answer.</summary>
internal sealed record Read(TimeSpan Start, TimeSpan End, MemberTable Table);

/// <summary>A change of the version that was seen; its outcome is null as long as nobody knows.</summary>
internal sealed record Change(TimeSpan Start, string Silo, int Seen)
{
    public TimeSpan End { get; set; }

    public bool? Outcome { get; set; }
}
