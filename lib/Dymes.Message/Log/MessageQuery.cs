using Dymes.Common;

namespace Dymes.Message.Log;

/// <summary>A question to the log: which messages, in which order, how many, and from where on.</summary>
public sealed record MessageQuery
{
    /// <summary>Which messages, and thereby in which order they come.</summary>
    public MessageSelection Selection { get; init; } = new LogSelection();

    /// <summary>Only messages within these bounds.</summary>
    public MessageBounds Bounds { get; init; } = MessageBounds.Everything;

    /// <summary>Only messages that pass all of these.</summary>
    public IReadOnlyList<MessageFilter> Filters { get; init; } = [];

    /// <summary>Forward or backward. A query by ids and a chain of ancestors have one order only and do not take <see cref="QueryOrder.Descending"/>.</summary>
    public QueryOrder Order { get; init; }

    /// <summary>How many messages at most; null: all.</summary>
    public long? Limit { get; init; }

    /// <summary>Only messages behind this position, as a page of the same query told it; null: from the start.</summary>
    public QueryPosition? After { get; init; }

    /// <summary>Checks that the parts fit together.</summary>
    /// <exception cref="DymesException">They do not; the message says which.</exception>
    public void Validate()
    {
        if (Limit is < 1)
        {
            throw Invalid("limit", $"The limit is {Limit}; it must be at least 1.");
        }

        if (Filters.Count > MessageLimits.QueryFiltersMax)
        {
            throw Invalid("filters", $"A query has at most {MessageLimits.QueryFiltersMax} filters; this one has {Filters.Count}.");
        }

        if (Selection is IdsSelection { Ids.Count: 0 or > MessageLimits.QueryIdsMax } ids)
        {
            throw Invalid("ids", $"A query by ids names 1 to {MessageLimits.QueryIdsMax}; this one names {ids.Ids.Count}.");
        }

        if (Order == QueryOrder.Descending && (Selection is IdsSelection or AncestorsSelection))
        {
            throw Invalid("order", "A query by ids and a chain of ancestors come in one order only; leave out the order.");
        }
    }

    /// <summary>Checks that the parts fit together and that the messages selected can be followed as they are appended.</summary>
    /// <exception cref="DymesException">They do not or cannot; the message says which.</exception>
    public void ValidateForSubscription()
    {
        Validate();
        if (Selection is IdsSelection or AncestorsSelection)
        {
            throw Invalid("selection", "A query by ids and a chain of ancestors do not grow; query them instead of subscribing.");
        }

        if (Order == QueryOrder.Descending)
        {
            throw Invalid("order", "A subscription goes forward; leave out the order.");
        }
    }

    private static DymesException Invalid(string field, string message) => new(ErrorCode.InvalidArgument, message) { Field = field };
}

/// <summary>Forward or backward.</summary>
public enum QueryOrder
{
    /// <summary>The oldest first.</summary>
    Ascending,

    /// <summary>The newest first.</summary>
    Descending,
}

/// <summary>Bounds of position and id, all inclusive; a range that is empty selects nothing.</summary>
/// <param name="FromLsn">The lowest position.</param>
/// <param name="ToLsn">The highest position.</param>
/// <param name="FromId">The lowest id; <see cref="MessageId.FirstAt"/> makes one of a time.</param>
/// <param name="ToId">The highest id; <see cref="MessageId.LastAt"/> makes one of a time.</param>
public sealed record MessageBounds(Lsn FromLsn, Lsn ToLsn, MessageId FromId, MessageId ToId)
{
    /// <summary>No bounds.</summary>
    public static MessageBounds Everything { get; } = new(Lsn.First, Lsn.Max, MessageId.None, MessageId.Max);

    /// <summary>Whether no message can be within.</summary>
    public bool IsEmpty => FromLsn > ToLsn || FromId > ToId;

    /// <summary>Whether a message is within.</summary>
    public bool Contains(Lsn lsn, MessageId id) => lsn >= FromLsn && lsn <= ToLsn && id >= FromId && id <= ToId;
}
