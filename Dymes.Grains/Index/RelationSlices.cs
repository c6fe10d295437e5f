using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Grains.Index;

/// <summary>The next positions of a chain or a tree that a query asks for.</summary>
internal static class RelationSlices
{
    /// <summary>The rest of a chain of ancestors, whole: a chain has no order of its own to go on by but the message last given.</summary>
    public static PositionSlice OfChain(IReadOnlyList<Lsn> chain, MessageQuery query)
    {
        if (query.After is not { IsStart: false } after)
        {
            return new PositionSlice(chain, IsComplete: true);
        }

        var given = 0;
        while (given < chain.Count && chain[given].Value != after.Ordinal)
        {
            given++;
        }

        return new PositionSlice([.. chain.Skip(given + 1)], IsComplete: true);
    }

    /// <summary>The next positions of a tree, whose order is that of the log.</summary>
    public static PositionSlice OfTree(IReadOnlyList<Lsn> tree, MessageQuery query, Lsn end)
    {
        var after = query.After is { IsStart: false } place ? place.Ordinal : (ulong?)null;
        var isAscending = query.Order == QueryOrder.Ascending;
        var low = isAscending && after is { } given && given >= query.Bounds.FromLsn.Value ? new Lsn(given + 1) : query.Bounds.FromLsn;
        var high = !isAscending && after is { } last && last < end.Value ? new Lsn(last) : end;
        var (first, behind) = (IndexOf(tree, low), IndexOf(tree, high));
        var count = Math.Clamp(behind - first, 0, PositionSlice.PositionsMax);
        var positions = new Lsn[count];
        for (var i = 0; i < count; i++)
        {
            positions[i] = isAscending ? tree[first + i] : tree[behind - 1 - i];
        }

        return new PositionSlice(positions, first + count >= behind);
    }

    // The index of the first position that is not below.
    private static int IndexOf(IReadOnlyList<Lsn> ascending, Lsn lsn)
    {
        var (low, high) = (0, ascending.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = ascending[middle] < lsn ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
