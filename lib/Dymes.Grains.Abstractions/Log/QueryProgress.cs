using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Log;

/// <summary>What is left of a query behind a batch. The query itself carries all that is needed to go on, at any activation.</summary>
public static class QueryProgress
{
    /// <summary>The rest of a query, as of the same end of the log as the batch: later pages do not see what came after the first.</summary>
    public static MessageQuery AsOf(this MessageQuery query, FrameBatch batch) =>
        query.Behind(batch).UpTo(batch.Committed);

    /// <summary>The query without what is not below <paramref name="committed"/>, the end of a log that holds something.</summary>
    public static MessageQuery UpTo(this MessageQuery query, Lsn committed) =>
        query.Bounds.ToLsn < committed ? query : query with { Bounds = query.Bounds with { ToLsn = new Lsn(committed.Value - 1) } };

    /// <summary>The rest of a query, as the log grows.</summary>
    public static MessageQuery Behind(this MessageQuery query, FrameBatch batch) => query with
    {
        After = batch.Position is { IsStart: false } position ? position : query.After,
        Limit = query.Limit - batch.Count,
    };

    /// <summary>The rest of a followed query behind its last batch for now: everything from the end of the log on.</summary>
    public static MessageQuery Beyond(this MessageQuery query, FrameBatch batch) => query with
    {
        After = null,
        Limit = query.Limit - batch.Count,
        Bounds = query.Bounds with { FromLsn = query.Bounds.FromLsn > batch.Committed ? query.Bounds.FromLsn : batch.Committed },
    };

    /// <summary>The place behind everything that was there when the batch was read, whether or not the query selects it.</summary>
    public static QueryPosition EndOfLog(this FrameBatch batch)
    {
        var end = batch.Committed.Value;
        return end == 0 || batch.Position is { } position && position.Ordinal + 1 >= end ? batch.Position ?? default : new QueryPosition(end - 1, MessageId.None);
    }
}
