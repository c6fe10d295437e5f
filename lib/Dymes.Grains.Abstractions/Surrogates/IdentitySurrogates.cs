using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Surrogates;

// Dymes.Message knows nothing of Orleans, so its types cross a grain call as surrogates. An Id, once given, keeps its meaning: silos of two versions talk to each other.

[GenerateSerializer, Immutable, Alias("dymes.message-id")]
internal struct MessageIdSurrogate
{
    [Id(0)]
    public UInt128 Value;
}

[RegisterConverter]
internal sealed class MessageIdConverter : IConverter<MessageId, MessageIdSurrogate>
{
    public MessageId ConvertFromSurrogate(in MessageIdSurrogate surrogate) => new(surrogate.Value);

    public MessageIdSurrogate ConvertToSurrogate(in MessageId value) => new() { Value = value.Value };
}

[GenerateSerializer, Immutable, Alias("dymes.channel-id")]
internal struct ChannelIdSurrogate
{
    [Id(0)]
    public UInt128 Value;
}

[RegisterConverter]
internal sealed class ChannelIdConverter : IConverter<ChannelId, ChannelIdSurrogate>
{
    public ChannelId ConvertFromSurrogate(in ChannelIdSurrogate surrogate) => new(surrogate.Value);

    public ChannelIdSurrogate ConvertToSurrogate(in ChannelId value) => new() { Value = value.Value };
}

[GenerateSerializer, Immutable, Alias("dymes.lsn")]
internal struct LsnSurrogate
{
    [Id(0)]
    public ulong Value;
}

[RegisterConverter]
internal sealed class LsnConverter : IConverter<Lsn, LsnSurrogate>
{
    public Lsn ConvertFromSurrogate(in LsnSurrogate surrogate) => new(surrogate.Value);

    public LsnSurrogate ConvertToSurrogate(in Lsn value) => new() { Value = value.Value };
}

[GenerateSerializer, Immutable, Alias("dymes.query-position")]
internal struct QueryPositionSurrogate
{
    [Id(0)]
    public ulong Ordinal;

    [Id(1)]
    public MessageId Id;
}

[RegisterConverter]
internal sealed class QueryPositionConverter : IConverter<QueryPosition, QueryPositionSurrogate>
{
    public QueryPosition ConvertFromSurrogate(in QueryPositionSurrogate surrogate) => new(surrogate.Ordinal, surrogate.Id);

    public QueryPositionSurrogate ConvertToSurrogate(in QueryPosition value) => new() { Ordinal = value.Ordinal, Id = value.Id };
}
