using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Engine.Querying;

/// <summary>Positions from a start up to, not including, an end.</summary>
internal readonly record struct LsnRange(Lsn Start, Lsn End)
{
    public ulong Count => End > Start ? End.Value - Start.Value : 0;

    /// <summary>The positions that a query in the order of the log still has to look at.</summary>
    public static LsnRange Of(MessageQuery query, Lsn end)
    {
        var start = query.Bounds.FromLsn;
        var stop = query.Bounds.ToLsn < end ? query.Bounds.ToLsn.Next : end;
        if (query.After is { } after)
        {
            if (query.Order == QueryOrder.Descending)
            {
                stop = after.Ordinal < stop.Value ? new Lsn(after.Ordinal) : stop;
            }
            else if (after.Ordinal >= start.Value)
            {
                start = new Lsn(after.Ordinal).Next;
            }
        }

        return new LsnRange(start, stop < start ? start : stop);
    }
}
