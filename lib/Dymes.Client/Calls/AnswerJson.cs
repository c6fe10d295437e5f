using System.Text.Json.Serialization;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Client.Calls;

/// <summary>A problem as RFC 9457 has it, and the field that Dymes adds.</summary>
internal sealed record ProblemAnswer(string? Type, string? Title, string? Detail, string? Field);

/// <summary>A channel as the API shows it.</summary>
internal sealed record ChannelAnswer(string Id, string? Name, ulong Count, ulong FirstLsn, ulong LastLsn, string FirstId, string LastId)
{
    public ChannelSummary ToSummary() => new(
        Number128.TryParse(Id, out var number) ? new ChannelId(number) : throw AnswerFields.Bad("id", Id),
        Name,
        Count,
        new Lsn(FirstLsn),
        new Lsn(LastLsn),
        AnswerFields.Id("first_id", FirstId),
        AnswerFields.Id("last_id", LastId));
}

/// <summary>A page of channels.</summary>
internal sealed record ChannelsAnswer(IReadOnlyList<ChannelAnswer> Channels);

/// <summary>A log's status as the API shows it.</summary>
internal sealed record StatusAnswer(ulong NextLsn, string? LastId, long StoredBytes, int SegmentCount, string Condition, string? Detail)
{
    public LogStatus ToStatus() => new(
        new Lsn(NextLsn),
        LastId is null ? MessageId.None : AnswerFields.Id("last_id", LastId),
        StoredBytes,
        SegmentCount,
        Condition switch
        {
            "ready" => LogCondition.Ready,
            "not-ready" => LogCondition.NotReady,
            "disk-full" => LogCondition.DiskFull,
            "failed" => LogCondition.Failed,
            _ => throw AnswerFields.Bad("condition", Condition),
        },
        Detail);
}

/// <summary>Reads single fields of answers.</summary>
internal static class AnswerFields
{
    public static MessageId Id(string field, string text) => MessageId.TryParse(text, out var id) ? id : throw Bad(field, text);

    public static DymesException Bad(string field, string text) =>
        new(ErrorCode.Internal, $"The node answered \"{text}\" as {field}, which this client does not understand. Is it a Dymes node of this version?") { Field = field };
}

/// <summary>How the answers are read, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(ChannelAnswer))]
[JsonSerializable(typeof(ChannelsAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext;
