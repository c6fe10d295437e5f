using Dymes.Common;
using Dymes.Grains.Abstractions;
using Dymes.Message.Log;

namespace Dymes.Grains.Index;

/// <summary>
/// As much of a query over the whole log as one call looks through. A filter that nothing passes would otherwise search all of a large log within one call, and
/// outlive the caller's patience.
/// </summary>
/// <param name="Query">The query, within the stretch.</param>
/// <param name="Last">The last position of the stretch, in the query's order; null: the query ends there too.</param>
internal sealed record LogStretch(MessageQuery Query, Lsn? Last)
{
    /// <summary>A segment's worth: well below a second, from the disk too.</summary>
    public const ulong MessagesMax = 262_144;

    /// <summary>The next stretch of a query whose bounds end within the log. Other selections than the log are left whole.</summary>
    public static LogStretch Of(MessageQuery query, ulong messagesMax = MessagesMax)
    {
        var bounds = query.Bounds;
        var after = query.After is { IsStart: false } place ? place.Ordinal : (ulong?)null;
        if (query.Selection is not LogSelection || bounds.IsEmpty)
        {
            return new LogStretch(query, null);
        }

        if (query.Order == QueryOrder.Ascending)
        {
            var low = after is { } given && given >= bounds.FromLsn.Value ? given + 1 : bounds.FromLsn.Value;
            return low > bounds.ToLsn.Value || bounds.ToLsn.Value - low < messagesMax
                ? new LogStretch(query, null)
                : Within(query, bounds with { ToLsn = new Lsn(low + messagesMax - 1) }, new Lsn(low + messagesMax - 1));
        }

        var end = after is { } last && last <= bounds.ToLsn.Value ? last : bounds.ToLsn.Value + 1;
        return end <= bounds.FromLsn.Value || end - bounds.FromLsn.Value <= messagesMax
            ? new LogStretch(query, null)
            : Within(query, bounds with { FromLsn = new Lsn(end - messagesMax) }, new Lsn(end - messagesMax));
    }

    /// <summary>The batch for this stretch of a larger answer.</summary>
    public FrameBatch Place(FrameBatch batch) => Last is { } last ? batch.Unfinished(last) : batch;

    private static LogStretch Within(MessageQuery query, MessageBounds bounds, Lsn last) => new(query with { Bounds = bounds }, last);
}
