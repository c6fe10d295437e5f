using System.Text;

namespace Dymes.Cluster.Tests.RealEvents;

/// <summary>Events of this machine, in an order in which every parent comes before its children, and as a table for the tools that check the answers.</summary>
internal sealed class RealEventLog
{
    private RealEventLog(IReadOnlyList<RealEvent> events, string table)
    {
        Events = events;
        Table = table;
    }

    public IReadOnlyList<RealEvent> Events { get; }

    /// <summary>The path of the table, one row per event in the order of the log; see <see cref="RealEvent.ToRow"/>.</summary>
    public string Table { get; }

    /// <summary>How many events there are of each kind.</summary>
    public string Composition => string.Join(", ", Events.CountBy(one => one.Kind).Select(kind => $"{kind.Value} of kind {kind.Key}"));

    /// <summary>Collects what there is: package releases and installations first, then files of /usr, then files elsewhere, until there are enough.</summary>
    /// <param name="count">How many events to take; fewer where the machine has no more.</param>
    /// <param name="directory">Where the table goes.</param>
    public static RealEventLog Collect(int count, string directory)
    {
        var packages = ChangelogEvents.Read("/usr/share/doc").Take(count / 2)
            .Concat(InstallationEvents.Read("/var/log/dpkg.log").Take(count / 10));
        RealEvent[] events = [.. packages.Concat(FileEvents.Read("/usr")).Concat(FileEvents.Read("/")).DistinctBy(one => one.Id).Take(count)];
        var table = Path.Combine(directory, "events.tsv");
        File.WriteAllLines(table, events.Select(one => one.ToRow()), new UTF8Encoding(false));
        return new RealEventLog(events, table);
    }
}
