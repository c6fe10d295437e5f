namespace Dymes.Vsr;

/// <summary>What a replica is doing (VRR 4).</summary>
public enum ReplicaStatus : byte
{
    /// <summary>It has no memory that it may vote with: it forms the group with the others, or asks them for what it lost. It takes part in no quorum.</summary>
    Recovering,

    /// <summary>It takes part in choosing a primary, or takes over the log of a chosen one.</summary>
    ViewChange,

    /// <summary>It is the primary of its view, or a backup.</summary>
    Normal,

    /// <summary>Its disk failed: it does nothing any more until it is started again.</summary>
    Stopped,
}
