using Dymes.Common;
using Dymes.Vsr.Sessions;

namespace Dymes.Vsr;

/// <summary>In what state a host found a replica's disk.</summary>
public enum DiskCondition : byte
{
    /// <summary>Nothing was ever written: a new replica, or one whose disk was lost.</summary>
    Blank,

    /// <summary>The hard state can be read, and every entry after the last one known to be committed. A torn last write was never acknowledged and is cut.</summary>
    Whole,

    /// <summary>The hard state is lost, or entries that may have been acknowledged and are not known to be committed.</summary>
    Damaged,
}

/// <summary>What a host hands to a replica when it starts it.</summary>
public sealed record ReplicaStart
{
    /// <summary>In what state the disk is.</summary>
    public required DiskCondition Disk { get; init; }

    /// <summary>The hard state; null where there is none, or none can be read.</summary>
    public DurableState? State { get; init; }

    /// <summary>
    /// The end of the log, in order: the last entry that can be read without a gap from the start, all behind the op that this one names as committed, and that one (fewer only where the
    /// log is shorter). More is welcome: it is kept for replicas that lag.
    /// </summary>
    public IReadOnlyList<LogEntry> Tail { get; init; } = [];

    /// <summary>An op that the host found to be committed by other means than the tail and the hard state: what was cut off at the end may have told so. 0 where there is none.</summary>
    public ulong KnownCommit { get; init; }

    /// <summary>The sessions as of <see cref="Commit"/>. The replica goes on with this table.</summary>
    public required ClientTable Sessions { get; init; }

    /// <summary>Seeds the spread of timeouts, and nonces: never the same twice for one replica.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The host's monotonic clock at the start, in milliseconds.</summary>
    public ulong Now { get; init; }

    /// <summary>The last op of the log.</summary>
    public ulong LastOp => Tail.Count == 0 ? 0 : Tail[^1].Op;

    /// <summary>The op up to which the log is known to be final: the state machine and the sessions are as of it.</summary>
    public ulong Commit
    {
        get
        {
            var commit = Math.Max(KnownCommit, State?.CommitHint ?? 0);
            foreach (var entry in Tail)
            {
                commit = Math.Max(commit, entry.Header.Commit); // not only the last one: its primary may have known of less than the one before
            }

            return Math.Min(LastOp, commit);
        }
    }

    internal void Validate(ReplicaIdentity identity)
    {
        InvariantViolation.Assert(Disk != DiskCondition.Whole || State is not null, "a whole disk has a hard state");
        InvariantViolation.Assert(Disk != DiskCondition.Blank || (State is null && Tail.Count == 0), "a blank disk has neither a hard state nor a log");
        InvariantViolation.Assert(Tail.Count == 0 || Tail[0].Op <= Math.Max(1, Commit), "the tail reaches back to the last entry known to be committed");
        for (var i = 1; i < Tail.Count; i++)
        {
            InvariantViolation.Assert(Tail[i].Op == Tail[i - 1].Op + 1 && Tail[i].Header.ParentChecksum == Tail[i - 1].Checksum, "the tail is a chain");
        }

        if (identity.ReplicaCount == 1 && (Disk == DiskCondition.Damaged || State is { IsRecovering: true }))
        {
            throw new DymesException(
                ErrorCode.StorageDamaged,
                $"The log is damaged behind op {LastOp}, and a group of one has no other replica to get it from. Restore the files from a backup, or run `dymes verify --repair` to see what would be lost.");
        }
    }
}
