namespace Dymes.Message.Log;

/// <summary>How the replicas of a log are.</summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="Epoch">Which list of replicas this is.</param>
/// <param name="View">The view; null where there is none.</param>
/// <param name="Primary">The number of the replica that is primary in that view; null where there is none.</param>
/// <param name="Replicas">The replicas in the order of their numbers.</param>
public sealed record ClusterReport(string Cluster, int Epoch, uint? View, int? Primary, IReadOnlyList<ReplicaReport> Replicas)
{
    /// <summary><c>one-node</c> where the node is its own majority, else <c>cluster</c>.</summary>
    public string Mode => Replicas.Count == 1 ? "one-node" : "cluster";
}

/// <summary>How a replica is.</summary>
/// <param name="Replica">Its number.</param>
/// <param name="Name">The name of its silo.</param>
/// <param name="Address">Where other silos reach it; null where that is not known.</param>
/// <param name="Http">The base address of its API; null where it has none, or that is not known.</param>
/// <param name="Silo">What the silos agree that it is.</param>
/// <param name="Progress">How far it is; null where nobody has told.</param>
public sealed record ReplicaReport(int Replica, string Name, string? Address, string? Http, SiloState Silo, ReplicaProgress? Progress);

/// <summary>How far a replica is.</summary>
public sealed record ReplicaProgress
{
    /// <summary>What it is doing.</summary>
    public ReplicaState Status { get; init; }

    /// <summary>The newest view that it has told of; null where it takes part in none.</summary>
    public uint? View { get; init; }

    /// <summary>The last entry of its log; null where that is not known.</summary>
    public ulong? LastOp { get; init; }

    /// <summary>The last entry that it knows to be committed; null where that is not known.</summary>
    public ulong? Commit { get; init; }

    /// <summary>How many committed entries it lacks; null where that is not known.</summary>
    public ulong? Lag { get; init; }

    /// <summary>The position that the next message gets; null where that is not known.</summary>
    public ulong? NextLsn { get; init; }

    /// <summary>How long ago it was heard; null for the one that tells, and where it never was.</summary>
    public long? LastHeardMilliseconds { get; init; }

    /// <summary>Whether it can store messages.</summary>
    public LogCondition Disk { get; init; }

    /// <summary>What an operator should know of it, in a sentence; null where all is well.</summary>
    public string? Detail { get; init; }

    /// <summary>How much of its files it has read in the background to find damage, 0 to 99; 100: all, and it rests; null where it does not, or that is not known.</summary>
    public int? ScrubPercent { get; init; }

    /// <summary>How many damaged places it has found so since it was started, each time that it met them; null where that is not known.</summary>
    public long? DamageFound { get; init; }
}

/// <summary>What the silos agree that one of them is.</summary>
public enum SiloState
{
    /// <summary>It has not been there, or nobody remembers.</summary>
    Unknown,

    /// <summary>It is starting.</summary>
    Joining,

    /// <summary>It is there.</summary>
    Alive,

    /// <summary>It is stopping.</summary>
    Stopping,

    /// <summary>It is gone, or was voted to be.</summary>
    Dead,
}

/// <summary>What a replica is doing.</summary>
public enum ReplicaState
{
    /// <summary>It asks the others for what it lost; it takes part in no quorum.</summary>
    Recovering,

    /// <summary>It takes part in choosing a primary.</summary>
    ViewChange,

    /// <summary>It is the primary of its view, or a backup.</summary>
    Normal,

    /// <summary>Its disk failed: it does nothing any more until it is started again.</summary>
    Stopped,
}
