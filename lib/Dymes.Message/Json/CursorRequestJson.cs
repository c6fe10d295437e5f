using System.Text.Json;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Message.Json;

/// <summary>
/// The request for a cursor: <c>{"query_dto":{…},"filters":[…]}</c> as the original has it, or <c>{"query":{…}}</c> with everything that <see cref="MessageQueryJson"/> can say.
/// </summary>
public static class CursorRequestJson
{
    private const string Kinds = "query_single, query_range, query_multiple, query_correlation or query_channel";
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a request.</summary>
    /// <param name="utf8">The request, whole.</param>
    /// <param name="now">What the relative times of a range mean.</param>
    /// <exception cref="DymesException">It is malformed; the field is the JSON pointer of the bad part.</exception>
    public static MessageQuery Read(ReadOnlyMemory<byte> utf8, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            var query = Read(document.RootElement, now);
            query.Validate();
            return query;
        }
        catch (JsonException error)
        {
            throw JsonRefusal.Syntax(error);
        }
        catch (InvalidOperationException)
        {
            throw JsonRefusal.Invalid("", "The request has a text that is not valid UTF-8.");
        }
    }

    private static MessageQuery Read(JsonElement root, DateTimeOffset now)
    {
        MessageQuery? query = null;
        IReadOnlyList<MessageFilter>? filters = null;
        foreach (var member in JsonFields.Of(root, ""))
        {
            switch (member.Name)
            {
                case "query_dto" when query is null:
                    query = ReadOriginal(JsonFields.Only(member.Value, "/query_dto"), now);
                    break;
                case "query" when query is null:
                    query = MessageQueryJson.Read(member.Value, "/query");
                    break;
                case "filters":
                    filters = member.Value.ValueKind == JsonValueKind.Null ? [] : MessageFilterJson.ReadAll(member.Value, "/filters");
                    break;
                case "query_dto" or "query":
                    throw JsonRefusal.Invalid("/query", "Give either query_dto or query.");
                default:
                    throw JsonRefusal.Invalid("/" + member.Name, $"There is no field {member.Name}. The fields are query_dto and filters, or query.");
            }
        }

        if (query is null)
        {
            throw JsonRefusal.Invalid("/query_dto", $"The query is missing: an object with one of {Kinds}.");
        }

        return filters is null ? query : query with { Filters = [.. query.Filters, .. filters] };
    }

    private static MessageQuery ReadOriginal(JsonProperty kind, DateTimeOffset now)
    {
        var pointer = $"/query_dto/{kind.Name}";
        switch (kind.Name)
        {
            case "query_single":
                return new MessageQuery { Selection = new IdsSelection([JsonFields.Id(kind.Value, pointer)]) };
            case "query_correlation":
                return new MessageQuery { Selection = new AncestorsSelection(JsonFields.Id(kind.Value, pointer)) };
            case "query_multiple":
                return new MessageQuery { Selection = new IdsSelection(ReadIds(kind.Value, pointer)) };
            case "query_range":
                return new MessageQuery { Selection = new TimeSelection(), Bounds = ReadRange(kind.Value, pointer, now, hasChannel: false, out _) };
            case "query_channel":
                var bounds = ReadRange(kind.Value, pointer, now, hasChannel: true, out var channel);
                return channel is { } id
                    ? new MessageQuery { Selection = new ChannelSelection(id), Bounds = bounds }
                    : throw JsonRefusal.Invalid(pointer + "/channel_id", "A query of a channel names the channel.");
            default:
                throw JsonRefusal.Invalid(pointer, $"There is no query {kind.Name}; use {Kinds}.");
        }
    }

    private static MessageId[] ReadIds(JsonElement element, string pointer)
    {
        var member = JsonFields.Only(element, pointer);
        return member.Name == "msg_ids"
            ? JsonFields.Ids(member.Value, pointer + "/msg_ids")
            : throw JsonRefusal.Invalid($"{pointer}/{member.Name}", "The field is msg_ids, an array of ULIDs.");
    }

    private static MessageBounds ReadRange(JsonElement element, string pointer, DateTimeOffset now, bool hasChannel, out ChannelId? channel)
    {
        channel = null;
        var bounds = MessageBounds.Everything;
        foreach (var member in JsonFields.Of(element, pointer))
        {
            var field = $"{pointer}/{member.Name}";
            switch (member.Name)
            {
                case "range_start" or "range_end" when member.Value.ValueKind == JsonValueKind.Null:
                    break;
                case "range_start":
                    bounds = bounds with { FromId = TimeExpression.FirstId(JsonFields.Text(member.Value, field), now, field) };
                    break;
                case "range_end":
                    bounds = bounds with { ToId = TimeExpression.LastId(JsonFields.Text(member.Value, field), now, field) };
                    break;
                case "channel_id" when hasChannel:
                    channel = ReadChannel(member.Value, field);
                    break;
                default:
                    throw JsonRefusal.Invalid(field, $"There is no field {member.Name}; use range_start, range_end{(hasChannel ? " and channel_id" : "")}.");
            }
        }

        return bounds;
    }

    private static ChannelId ReadChannel(JsonElement element, string pointer)
    {
        var text = element.ValueKind == JsonValueKind.Number ? element.GetRawText() : JsonFields.Text(element, pointer);
        return ChannelId.TryParse(text, out var channel, out var name) && (name is null || element.ValueKind == JsonValueKind.String)
            ? channel
            : throw JsonRefusal.Invalid(pointer, $"\"{text}\" is no channel: a whole number of at most 128 bits, or a name of 1 to {MessageLimits.ChannelNameBytesMax} bytes.");
    }
}
