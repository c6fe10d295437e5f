namespace Dymes.Vsr.Simulation.Faults;

/// <summary>Which part of the protocol the faults of a seed go after.</summary>
public enum CampaignKind : byte
{
    /// <summary>All kinds of faults, mostly by the clock.</summary>
    Everything,

    /// <summary>Memory: disks lost one after another, on the same replica and on others, while views change and what was said before is still under way.</summary>
    Losses,

    /// <summary>Promises of replicas that have forgotten them since.</summary>
    Defections,

    /// <summary>Primaries that fall as soon as they lead, replicas that are views behind, the same primary again while the last one's messages are under way.</summary>
    Views,

    /// <summary>Ends of logs that differ: entries that only one replica has, which comes back views later.</summary>
    Forks,
}
