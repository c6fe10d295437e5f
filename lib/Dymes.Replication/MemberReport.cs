using Dymes.Vsr;
using Dymes.Vsr.Messages;

namespace Dymes.Replication;

/// <summary>Where a replica stands.</summary>
public sealed record MemberReport
{
    /// <summary>What it is doing.</summary>
    public required ReplicaStatus Status { get; init; }

    /// <summary>How far it is one of the group.</summary>
    public required Standing Standing { get; init; }

    /// <summary>The view that it is in.</summary>
    public required ViewNumber View { get; init; }

    /// <summary>The primary of that view.</summary>
    public required ReplicaNumber Primary { get; init; }

    /// <summary>Whether it is that primary, and takes requests.</summary>
    public required bool IsPrimary { get; init; }

    /// <summary>The last op of its log.</summary>
    public required ulong LastOp { get; init; }

    /// <summary>Everything up to here is on its disk.</summary>
    public required ulong DurableOp { get; init; }

    /// <summary>Everything up to here is known to be committed.</summary>
    public required ulong CommitOp { get; init; }

    /// <summary>Everything up to here can be read.</summary>
    public required ulong AppliedOp { get; init; }

    /// <summary>Everything up to here is committed in the group, as far as this member has heard.</summary>
    public required ulong KnownCommit { get; init; }

    /// <summary>How many entries are committed and cannot be read here yet.</summary>
    public ulong Lag => KnownCommit - Math.Min(KnownCommit, AppliedOp);

    /// <summary>Whether its disk has no room for more entries.</summary>
    public required bool IsDiskFull { get; init; }

    /// <summary>What it has done to stay one of the group.</summary>
    public required MemberUpkeep Upkeep { get; init; }
}
