namespace Dymes.Vsr.Simulation.Checking;

/// <summary>What a replica is, as seen from outside: its status, and within it its standing or its role.</summary>
public enum ReplicaPhase : byte
{
    /// <summary>The machine is off.</summary>
    Down,

    /// <summary>It knows nothing of a group.</summary>
    Blank,

    /// <summary>It waits for all others to begin the group with it.</summary>
    Forming,

    /// <summary>It gets back what it lost.</summary>
    Recovering,

    /// <summary>It takes part in choosing a primary, or takes over the log of one.</summary>
    ViewChange,

    /// <summary>It follows a primary.</summary>
    Backup,

    /// <summary>It leads.</summary>
    Primary,

    /// <summary>Its disk failed.</summary>
    Stopped,
}
