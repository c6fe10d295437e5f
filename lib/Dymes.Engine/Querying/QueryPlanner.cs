using Dymes.Common;
using Dymes.Message.Log;
using Dymes.MessageStore;

namespace Dymes.Engine.Querying;

/// <summary>Chooses where a query's messages come from.</summary>
internal static class QueryPlanner
{
    public static IPlaceSource Plan(SegmentStore store, LogView view, MessageQuery query)
    {
        var descends = query.Order == QueryOrder.Descending;
        return query.Selection switch
        {
            _ when query.Bounds.IsEmpty => new PositionsSource(store, []),
            LogSelection => new LogSource(view, query.Bounds, LsnRange.Of(query, view.End), descends),
            TimeSelection => new TimeSource(view, query.Bounds, query.After?.Id, descends),
            ChannelSelection channel => new ChannelSource(view, channel.Channel, query.Bounds, LsnRange.Of(query, view.End), descends),
            IdsSelection ids => new IdsSource(view, ids.Ids, query.After?.Ordinal ?? 0),
            AncestorsSelection ancestors => Ancestors(store, AncestorWalk.From(view, ancestors.Id), query),
            DescendantsSelection descendants => Descendants(store, DescendantWalk.From(view, descendants.Id), LsnRange.Of(query, view.End), descends),
            _ => throw new InvariantViolation($"no plan for {query.Selection}"),
        };
    }

    private static PositionsSource Ancestors(SegmentStore store, List<Lsn> positions, MessageQuery query)
    {
        var start = query.After is { } after ? positions.IndexOf(new Lsn(after.Ordinal)) + 1 : 0;
        return new PositionsSource(store, positions, start);
    }

    private static PositionsSource Descendants(SegmentStore store, List<Lsn> positions, LsnRange range, bool descends)
    {
        var first = positions.BinarySearch(range.Start);
        first = first < 0 ? ~first : first;
        var end = positions.BinarySearch(range.End);
        end = end < 0 ? ~end : end;
        return new PositionsSource(store, positions.GetRange(first, Math.Max(0, end - first)), 0, descends);
    }
}
