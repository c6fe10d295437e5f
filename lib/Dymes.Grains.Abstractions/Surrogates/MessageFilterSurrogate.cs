using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Surrogates;

/// <summary>A filter, whichever it is: the kind tells which fields count.</summary>
[GenerateSerializer, Immutable, Alias("dymes.message-filter")]
internal struct MessageFilterSurrogate
{
    [Id(0)]
    public FilterKind Kind;

    [Id(1)]
    public UInt128 Number;

    [Id(2)]
    public UInt128 Comparison;

    [Id(3)]
    public string? Key;

    [Id(4)]
    public string? Value;

    public static MessageFilterSurrogate Of(MessageFilter filter) => filter switch
    {
        ChannelFilter channel => new() { Kind = FilterKind.Channel, Number = channel.Channel.Value },
        WideningFilter widening => new() { Kind = FilterKind.Widening, Number = widening.Mask },
        NarrowingFilter narrowing => new() { Kind = FilterKind.Narrowing, Number = narrowing.Mask, Comparison = narrowing.Comparison },
        KvFilter kv => new() { Kind = KindOf(kv.Relation), Key = kv.Key, Value = kv.Value },
        _ => throw new InvariantViolation($"the filter {filter.GetType().Name} has no surrogate"),
    };

    public readonly MessageFilter ToFilter() => Kind switch
    {
        FilterKind.Channel => new ChannelFilter(new ChannelId(Number)),
        FilterKind.Widening => new WideningFilter(Number),
        FilterKind.Narrowing => new NarrowingFilter(Number, Comparison),
        FilterKind.KvHas => new KvFilter(KvRelation.Has, Key!),
        FilterKind.KvEqual => new KvFilter(KvRelation.Equal, Key!, Value!),
        FilterKind.KvNotEqual => new KvFilter(KvRelation.NotEqual, Key!, Value!),
        _ => throw new DymesException(ErrorCode.NotSupported, $"A filter of kind {(int)Kind} is of a newer version of Dymes. Upgrade this process too."),
    };

    private static FilterKind KindOf(KvRelation relation) => relation switch
    {
        KvRelation.Has => FilterKind.KvHas,
        KvRelation.Equal => FilterKind.KvEqual,
        _ => FilterKind.KvNotEqual,
    };
}

/// <summary>Which filter it is; the numbers are on the wire and on disk.</summary>
internal enum FilterKind
{
    Channel = 1,
    Widening = 2,
    Narrowing = 3,
    KvHas = 4,
    KvEqual = 5,
    KvNotEqual = 6,
}
