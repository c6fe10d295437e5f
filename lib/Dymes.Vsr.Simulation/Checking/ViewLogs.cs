using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Checking;

/// <summary>
/// The log of each view, as its primary began it and went on. What is acknowledged in a view is an entry of that log, and what is committed in a view a majority has acknowledged in it:
/// an acknowledgement of another view may speak for another entry.
/// </summary>
internal sealed class ViewLogs(SimulatedCluster cluster)
{
    private readonly Dictionary<uint, List<UInt128>> _logs = []; // never enumerated

    /// <summary>A primary begins a view with a log.</summary>
    public void Begin(uint view, IEnumerable<LogEntry> log) => _logs[view] = [.. log.Select(entry => entry.Checksum)];

    /// <summary>A primary prepares an entry, maybe again.</summary>
    public void Prepare(uint view, LogEntry entry)
    {
        if (_logs.TryGetValue(view, out var log) && entry.Op == (ulong)log.Count + 1)
        {
            log.Add(entry.Checksum);
        }
    }

    /// <summary>A backup acknowledges its log up to an op.</summary>
    public void Acknowledge(int replica, uint view, ulong op, UInt128 checksum)
    {
        var isOfView = _logs.TryGetValue(view, out var log) && op <= (ulong)log.Count && log[(int)op - 1] == checksum;
        RuleBroken.Unless(isOfView, Rule.Agreement, $"replica {replica} acknowledges op {op} in view {view}, and has another entry there than that view's primary");
    }

    /// <summary>A primary knows of more that is committed than when it began its view.</summary>
    public void Commit(SimulatedHost primary, uint view, ulong op)
    {
        var copies = cluster.Hosts.Count(host => host == primary ? host.Disk.LastOp >= op : host.Promises.AcknowledgedIn(view) >= op);
        RuleBroken.Unless(copies >= cluster.Plan.Quorum, Rule.Durability, $"replica {primary.Number} commits op {op} in view {view}, in which {copies} replicas have it on disk");
    }
}
