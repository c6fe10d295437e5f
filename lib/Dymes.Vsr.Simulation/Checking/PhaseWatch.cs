using Dymes.Vsr.Simulation.Faults;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Checking;

/// <summary>Follows a replica from phase to phase: counts the ways, lets none pass that is not one, and tells faults of the moments that they wait for.</summary>
internal sealed class PhaseWatch(SimulatedCluster cluster, int replica)
{
    private static readonly HashSet<(ReplicaPhase From, ReplicaPhase To)> Ways = [.. PhaseEdges.All];
    private ReplicaPhase _phase;
    private ViewNumber _view;

    public void Look(Replica? running)
    {
        var (before, view) = (_phase, _view);
        (_phase, _view) = (PhaseEdges.Of(running), running?.View ?? _view);
        if (_phase == before && (_view == view || _phase is not (ReplicaPhase.ViewChange or ReplicaPhase.Recovering)))
        {
            return;
        }

        RuleBroken.Unless(Ways.Contains((before, _phase)), Rule.Invariant, $"replica {replica} goes from {before} to {_phase}");
        cluster.Coverage.Count(before, _phase);
        if (MomentOf(before, _phase) is { } moment)
        {
            cluster.Ambush.Came(moment, replica);
        }
    }

    private static Moment? MomentOf(ReplicaPhase from, ReplicaPhase to) => (from, to) switch
    {
        (not ReplicaPhase.Down, ReplicaPhase.ViewChange) => Moment.ViewChange,
        (_, ReplicaPhase.Primary) => Moment.Leads,
        (ReplicaPhase.Down or ReplicaPhase.Blank, ReplicaPhase.Recovering) => Moment.Recovers,
        (ReplicaPhase.Recovering, ReplicaPhase.Backup) => Moment.HasRecovered,
        _ => null,
    };
}
