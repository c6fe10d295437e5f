using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Segments;

namespace Dymes.MessageStore.Recovery;

/// <summary>A log as it was found on disk.</summary>
/// <param name="End">Where the last segment's batches end.</param>
/// <param name="Tail">What the next entry continues.</param>
internal sealed record OpenedLog(SegmentEnd End, LogTail Tail)
{
    /// <summary>The ends from the last op known to be committed on; in the log of a replica.</summary>
    public UncommittedTails Tails { get; init; } = new(Tail);

    /// <summary>The segments that are whole and not sealed, and where their batches end.</summary>
    public IReadOnlyList<(Segment Segment, long EndOffset)> Unsealed { get; init; } = [];

    /// <summary>The damaged entries of the segments that were read.</summary>
    public IReadOnlyList<ulong> DamagedOps { get; init; } = [];

    /// <summary>The first damage that is not just a torn write.</summary>
    public FoundDamage? Damage { get; init; }

    /// <summary>Entries that may have been acknowledged cannot be read, and something of them may lie behind the end.</summary>
    public bool HasUnreadableTail { get; init; }

    /// <summary>What the replica is told of it.</summary>
    public FoundLog ToFound(HardState state)
    {
        var condition = (state, HasUnreadableTail, Tail.NextOp) switch
        {
            (_, true, _) => FoundCondition.Damaged,
            ({ IsEnrolled: false, IsRecovering: true }, _, _) => FoundCondition.Damaged,
            ({ IsEnrolled: false }, _, 1) => FoundCondition.Blank,
            ({ IsEnrolled: false }, _, _) => FoundCondition.Damaged,
            _ => FoundCondition.Whole,
        };
        return new FoundLog(condition, Tails.CommittedOp, DamagedOps, Damage);
    }
}
