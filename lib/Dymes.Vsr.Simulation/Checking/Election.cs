using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Checking;

/// <summary>
/// The logs that a replica was sent while it chooses that of a new view. A view begins only with the word of a majority that still stands by it: a sender that has lost its disk since, and
/// has come back in an older view, may have promised something there.
/// </summary>
internal sealed class Election(SimulatedCluster cluster, int self)
{
    private readonly HashSet<(uint View, int From, int Losses)> _heard = [];

    /// <summary>A log arrives, sent after its sender had lost its memory so many times.</summary>
    public void Heard(uint view, int from, int losses) => _heard.Add((view, from, losses));

    public void Forget() => _heard.Clear();

    /// <summary>The replica begins a view as its primary.</summary>
    public void Won(uint view)
    {
        var logs = 1 + cluster.Hosts.Count(host => _heard.Any(log => log.View == view && log.From == host.Number && !host.Promises.HasComeBackBelow(view, log.Losses)));
        RuleBroken.Unless(logs >= cluster.Plan.Quorum, Rule.Memory, $"replica {self} begins view {view} with {logs} logs whose senders still know of it");
        _heard.RemoveWhere(log => log.View <= view);
    }
}
