using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Surrogates;

[GenerateSerializer, Immutable, Alias("dymes.channel-summary")]
internal struct ChannelSummarySurrogate
{
    [Id(0)]
    public ChannelId Channel;

    [Id(1)]
    public string? Name;

    [Id(2)]
    public ulong Count;

    [Id(3)]
    public Lsn FirstLsn;

    [Id(4)]
    public Lsn LastLsn;

    [Id(5)]
    public MessageId FirstId;

    [Id(6)]
    public MessageId LastId;
}

[RegisterConverter]
internal sealed class ChannelSummaryConverter : IConverter<ChannelSummary, ChannelSummarySurrogate>
{
    public ChannelSummary ConvertFromSurrogate(in ChannelSummarySurrogate surrogate) => new(
        surrogate.Channel, surrogate.Name, surrogate.Count, surrogate.FirstLsn, surrogate.LastLsn, surrogate.FirstId, surrogate.LastId);

    public ChannelSummarySurrogate ConvertToSurrogate(in ChannelSummary value) => new()
    {
        Channel = value.Id,
        Name = value.Name,
        Count = value.Count,
        FirstLsn = value.FirstLsn,
        LastLsn = value.LastLsn,
        FirstId = value.FirstId,
        LastId = value.LastId,
    };
}

[GenerateSerializer, Immutable, Alias("dymes.log-status")]
internal struct LogStatusSurrogate
{
    [Id(0)]
    public Lsn NextLsn;

    [Id(1)]
    public MessageId LastId;

    [Id(2)]
    public long StoredBytes;

    [Id(3)]
    public int SegmentCount;

    [Id(4)]
    public int Condition;

    [Id(5)]
    public string? Detail;
}

[RegisterConverter]
internal sealed class LogStatusConverter : IConverter<LogStatus, LogStatusSurrogate>
{
    public LogStatus ConvertFromSurrogate(in LogStatusSurrogate surrogate) => new(
        surrogate.NextLsn, surrogate.LastId, surrogate.StoredBytes, surrogate.SegmentCount, (LogCondition)surrogate.Condition, surrogate.Detail);

    public LogStatusSurrogate ConvertToSurrogate(in LogStatus value) => new()
    {
        NextLsn = value.NextLsn,
        LastId = value.LastId,
        StoredBytes = value.StoredBytes,
        SegmentCount = value.SegmentCount,
        Condition = (int)value.Condition,
        Detail = value.Detail,
    };
}
