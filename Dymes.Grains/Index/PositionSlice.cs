using Dymes.Common;
using Dymes.Grains.Abstractions;

namespace Dymes.Grains.Index;

/// <summary>Some positions of an answer, in its order.</summary>
/// <param name="Positions">The positions.</param>
/// <param name="IsComplete">Whether the answer has none behind them.</param>
internal sealed record PositionSlice(IReadOnlyList<Lsn> Positions, bool IsComplete)
{
    /// <summary>The most positions that one call looks at: with a filter that nothing passes, it still ends soon.</summary>
    public const int PositionsMax = 4096;

    /// <summary>The batch for this slice of a larger answer.</summary>
    public FrameBatch Place(FrameBatch batch) => IsComplete || Positions.Count == 0 ? batch : batch.Unfinished(Positions[^1]);
}
