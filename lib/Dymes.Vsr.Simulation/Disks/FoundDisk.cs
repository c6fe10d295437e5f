namespace Dymes.Vsr.Simulation.Disks;

/// <summary>What a host finds when it opens its disk.</summary>
/// <param name="Condition">In what state it is.</param>
/// <param name="State">The hard state, where it can be read.</param>
/// <param name="LastOp">The last entry up to which the log can be handed to the replica.</param>
internal sealed record FoundDisk(DiskCondition Condition, DurableState? State, ulong LastOp);
