using Dymes.Grains.Abstractions;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Index;

/// <summary>Some positions of an answer, in its order.</summary>
/// <param name="Positions">The positions.</param>
/// <param name="IsComplete">Whether the answer has none behind them.</param>
internal sealed record PositionSlice(IReadOnlyList<Lsn> Positions, bool IsComplete)
{
    /// <summary>The most positions that one call looks at: with a filter that nothing passes, it still ends soon.</summary>
    public const int PositionsMax = 4096;

    /// <summary>
    /// The batch for this slice of a larger answer. Where it was looked through to its end and there is more behind it, the batch's position is that end, although the
    /// message there may not have passed.
    /// </summary>
    public FrameBatch Place(FrameBatch batch) => !batch.IsLast || IsComplete || Positions.Count == 0
        ? batch
        : new FrameBatch
        {
            Frames = batch.Frames,
            Count = batch.Count,
            Position = batch.Position is { } given && given.Ordinal == Positions[^1].Value ? given : new QueryPosition(Positions[^1].Value, MessageId.None),
            Committed = batch.Committed,
            IsLast = false,
        };
}
