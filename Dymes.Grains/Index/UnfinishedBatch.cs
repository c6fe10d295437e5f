using Dymes.Common;
using Dymes.Grains.Abstractions;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Index;

/// <summary>Batches that end with a part of their answer.</summary>
internal static class UnfinishedBatch
{
    /// <summary>
    /// Where a batch gave the last of its part, the answer is not at its end: it goes on behind <paramref name="last"/>, although the message there may not have
    /// passed the filters.
    /// </summary>
    public static FrameBatch Unfinished(this FrameBatch batch, Lsn last) => !batch.IsLast ? batch : new FrameBatch
    {
        Frames = batch.Frames,
        Count = batch.Count,
        Position = batch.Position is { } given && given.Ordinal == last.Value ? given : new QueryPosition(last.Value, MessageId.None),
        Committed = batch.Committed,
        IsLast = false,
    };
}
