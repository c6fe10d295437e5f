using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Faults;

/// <summary>
/// What the protocol promises to survive: that at most f replicas have lost something of their disks at a time, once all have been one group. More than that is nobody's bug.
/// </summary>
internal sealed class SurvivalBudget(SimulatedCluster cluster)
{
    private bool _hasFormed;

    /// <summary>Whether a replica may lose something now.</summary>
    public bool Allows(SimulatedHost host)
    {
        _hasFormed |= cluster.Hosts.All(each => each.Disk.State is { View.Value: > 0 });
        var impaired = cluster.Hosts.Count(each => each != host && each.IsImpaired);
        return _hasFormed && impaired + 1 <= cluster.Plan.LossesMax;
    }
}
