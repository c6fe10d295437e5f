using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Surrogates;

/// <summary>A query, whatever it selects: the kind tells which fields count.</summary>
[GenerateSerializer, Immutable, Alias("dymes.message-query")]
internal struct MessageQuerySurrogate
{
    [Id(0)]
    public SelectionKind Kind;

    [Id(1)]
    public UInt128 Key;

    [Id(2)]
    public MessageId[]? Ids;

    [Id(3)]
    public Lsn FromLsn;

    [Id(4)]
    public Lsn ToLsn;

    [Id(5)]
    public MessageId FromId;

    [Id(6)]
    public MessageId ToId;

    [Id(7)]
    public MessageFilterSurrogate[] Filters;

    [Id(8)]
    public bool IsDescending;

    [Id(9)]
    public long? Limit;

    [Id(10)]
    public QueryPosition? After;
}

/// <summary>Which selection it is; the numbers are on the wire and on disk.</summary>
internal enum SelectionKind
{
    Log = 1,
    Time = 2,
    Channel = 3,
    Ids = 4,
    Ancestors = 5,
    Descendants = 6,
}

[RegisterConverter]
internal sealed class MessageQueryConverter : IConverter<MessageQuery, MessageQuerySurrogate>
{
    public MessageQuery ConvertFromSurrogate(in MessageQuerySurrogate surrogate) => new()
    {
        Selection = SelectionOf(surrogate),
        Bounds = new MessageBounds(surrogate.FromLsn, surrogate.ToLsn, surrogate.FromId, surrogate.ToId),
        Filters = surrogate.Filters.Length == 0 ? [] : Array.ConvertAll(surrogate.Filters, filter => filter.ToFilter()),
        Order = surrogate.IsDescending ? QueryOrder.Descending : QueryOrder.Ascending,
        Limit = surrogate.Limit,
        After = surrogate.After,
    };

    public MessageQuerySurrogate ConvertToSurrogate(in MessageQuery value)
    {
        var (kind, key, ids) = PartsOf(value.Selection);
        return new MessageQuerySurrogate
        {
            Kind = kind,
            Key = key,
            Ids = ids,
            FromLsn = value.Bounds.FromLsn,
            ToLsn = value.Bounds.ToLsn,
            FromId = value.Bounds.FromId,
            ToId = value.Bounds.ToId,
            Filters = [.. value.Filters.Select(MessageFilterSurrogate.Of)],
            IsDescending = value.Order == QueryOrder.Descending,
            Limit = value.Limit,
            After = value.After,
        };
    }

    private static (SelectionKind Kind, UInt128 Key, MessageId[]? Ids) PartsOf(MessageSelection selection) => selection switch
    {
        LogSelection => (SelectionKind.Log, default, null),
        TimeSelection => (SelectionKind.Time, default, null),
        ChannelSelection channel => (SelectionKind.Channel, channel.Channel.Value, null),
        IdsSelection ids => (SelectionKind.Ids, default, [.. ids.Ids]),
        AncestorsSelection ancestors => (SelectionKind.Ancestors, ancestors.Id.Value, null),
        DescendantsSelection descendants => (SelectionKind.Descendants, descendants.Id.Value, null),
        _ => throw new InvariantViolation($"the selection {selection.GetType().Name} has no surrogate"),
    };

    private static MessageSelection SelectionOf(in MessageQuerySurrogate surrogate) => surrogate.Kind switch
    {
        SelectionKind.Log => new LogSelection(),
        SelectionKind.Time => new TimeSelection(),
        SelectionKind.Channel => new ChannelSelection(new ChannelId(surrogate.Key)),
        SelectionKind.Ids => new IdsSelection(surrogate.Ids ?? []),
        SelectionKind.Ancestors => new AncestorsSelection(new MessageId(surrogate.Key)),
        SelectionKind.Descendants => new DescendantsSelection(new MessageId(surrogate.Key)),
        _ => throw new DymesException(
            ErrorCode.NotSupported, $"A selection of kind {(int)surrogate.Kind} is of a newer version of Dymes. Upgrade this process too."),
    };
}
