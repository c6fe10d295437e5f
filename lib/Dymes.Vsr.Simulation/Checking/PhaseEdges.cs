using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Simulation.Checking;

/// <summary>
/// From which phase a replica goes to which, by one input. There is no other way, and each of these must be seen. (One that forms the group has nothing to write, so that its disk does
/// not fail.)
/// </summary>
public static class PhaseEdges
{
    /// <summary>All ways. One from a phase to itself is one to another view.</summary>
    public static IReadOnlyList<(ReplicaPhase From, ReplicaPhase To)> All { get; } =
    [
        (ReplicaPhase.Down, ReplicaPhase.Blank),
        (ReplicaPhase.Down, ReplicaPhase.Forming),
        (ReplicaPhase.Down, ReplicaPhase.Recovering),
        (ReplicaPhase.Down, ReplicaPhase.ViewChange),
        (ReplicaPhase.Down, ReplicaPhase.Backup),
        (ReplicaPhase.Blank, ReplicaPhase.Forming),
        (ReplicaPhase.Blank, ReplicaPhase.Recovering),
        (ReplicaPhase.Blank, ReplicaPhase.ViewChange), // a group of one
        (ReplicaPhase.Blank, ReplicaPhase.Stopped),
        (ReplicaPhase.Blank, ReplicaPhase.Down),
        (ReplicaPhase.Forming, ReplicaPhase.ViewChange),
        (ReplicaPhase.Forming, ReplicaPhase.Down),
        (ReplicaPhase.Recovering, ReplicaPhase.Recovering),
        (ReplicaPhase.Recovering, ReplicaPhase.Backup),
        (ReplicaPhase.Recovering, ReplicaPhase.Stopped),
        (ReplicaPhase.Recovering, ReplicaPhase.Down),
        (ReplicaPhase.ViewChange, ReplicaPhase.ViewChange),
        (ReplicaPhase.ViewChange, ReplicaPhase.Backup),
        (ReplicaPhase.ViewChange, ReplicaPhase.Primary),
        (ReplicaPhase.ViewChange, ReplicaPhase.Stopped),
        (ReplicaPhase.ViewChange, ReplicaPhase.Down),
        (ReplicaPhase.Backup, ReplicaPhase.ViewChange),
        (ReplicaPhase.Backup, ReplicaPhase.Stopped),
        (ReplicaPhase.Backup, ReplicaPhase.Down),
        (ReplicaPhase.Primary, ReplicaPhase.ViewChange),
        (ReplicaPhase.Primary, ReplicaPhase.Stopped),
        (ReplicaPhase.Primary, ReplicaPhase.Down),
        (ReplicaPhase.Stopped, ReplicaPhase.Down),
    ];

    internal static ReplicaPhase Of(Replica? replica) => replica switch
    {
        null => ReplicaPhase.Down,
        { Status: ReplicaStatus.Stopped } => ReplicaPhase.Stopped,
        { Status: ReplicaStatus.ViewChange } => ReplicaPhase.ViewChange,
        { Status: ReplicaStatus.Normal, IsPrimary: true } => ReplicaPhase.Primary,
        { Status: ReplicaStatus.Normal } => ReplicaPhase.Backup,
        { Standing: Standing.Blank } => ReplicaPhase.Blank,
        { Standing: Standing.Forming } => ReplicaPhase.Forming,
        _ => ReplicaPhase.Recovering,
    };
}
