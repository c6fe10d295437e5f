using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Surrogates;

[GenerateSerializer, Immutable, Alias("dymes.version-condition")]
internal struct VersionConditionSurrogate
{
    [Id(0)]
    public int MessageIndex;

    [Id(1)]
    public ulong ExpectedVersion;
}

[RegisterConverter]
internal sealed class VersionConditionConverter : IConverter<VersionCondition, VersionConditionSurrogate>
{
    public VersionCondition ConvertFromSurrogate(in VersionConditionSurrogate surrogate) => new(surrogate.MessageIndex, surrogate.ExpectedVersion);

    public VersionConditionSurrogate ConvertToSurrogate(in VersionCondition value) =>
        new() { MessageIndex = value.MessageIndex, ExpectedVersion = value.ExpectedVersion };
}

[GenerateSerializer, Immutable, Alias("dymes.append-receipt")]
internal struct AppendReceiptSurrogate
{
    [Id(0)]
    public int Outcome;

    [Id(1)]
    public MessageId Id;

    [Id(2)]
    public Lsn Lsn;

    [Id(3)]
    public ulong ChannelVersion;
}

[RegisterConverter]
internal sealed class AppendReceiptConverter : IConverter<AppendReceipt, AppendReceiptSurrogate>
{
    public AppendReceipt ConvertFromSurrogate(in AppendReceiptSurrogate surrogate) =>
        new((AppendOutcome)surrogate.Outcome, surrogate.Id, surrogate.Lsn, surrogate.ChannelVersion);

    public AppendReceiptSurrogate ConvertToSurrogate(in AppendReceipt value) =>
        new() { Outcome = (int)value.Outcome, Id = value.Id, Lsn = value.Lsn, ChannelVersion = value.ChannelVersion };
}

[GenerateSerializer, Immutable, Alias("dymes.append-result")]
internal struct AppendResultSurrogate
{
    [Id(0)]
    public AppendReceipt[] Receipts;
}

[RegisterConverter]
internal sealed class AppendResultConverter : IConverter<AppendResult, AppendResultSurrogate>
{
    public AppendResult ConvertFromSurrogate(in AppendResultSurrogate surrogate) => new(surrogate.Receipts);

    public AppendResultSurrogate ConvertToSurrogate(in AppendResult value) => new() { Receipts = value.AsSpan().ToArray() };
}
