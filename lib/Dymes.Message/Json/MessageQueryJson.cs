using System.Buffers;
using System.Text.Json;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Message.Json;

/// <summary>
/// A query as JSON, with nothing left out: <c>{"select":{"channel":"0x2be"},"from_lsn":5,"to_id":"01K…","filters":[…],"order":"desc","limit":10,"after":"…"}</c>.
/// What is not there has its default; <c>select</c> is <c>"log"</c>, <c>"time"</c>, or an object with one of <c>channel</c>, <c>ids</c>, <c>ancestors</c>, <c>descendants</c>.
/// </summary>
public static class MessageQueryJson
{
    /// <summary>Writes a query.</summary>
    public static void Write(IBufferWriter<byte> output, MessageQuery query)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        WriteSelection(json, query.Selection);
        WriteBounds(json, query.Bounds);
        if (query.Filters.Count > 0)
        {
            json.WriteStartArray("filters");
            foreach (var filter in query.Filters)
            {
                MessageFilterJson.Write(json, filter);
            }

            json.WriteEndArray();
        }

        if (query.Order == QueryOrder.Descending)
        {
            json.WriteString("order", "desc");
        }

        if (query.Limit is { } limit)
        {
            json.WriteNumber("limit", limit);
        }

        if (query.After is { } after)
        {
            json.WriteString("after", after.ToToken(query));
        }

        json.WriteEndObject();
    }

    /// <summary>Reads a query and validates it.</summary>
    /// <exception cref="DymesException">It is malformed; the field is the JSON pointer of the bad part.</exception>
    public static MessageQuery Read(ReadOnlyMemory<byte> utf8)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8);
        }
        catch (JsonException problem)
        {
            throw new DymesException(ErrorCode.InvalidArgument, $"The query is not JSON: {problem.Message}", problem);
        }

        using (document)
        {
            return Read(document.RootElement, "");
        }
    }

    /// <summary>Reads a query that is part of a larger document.</summary>
    /// <param name="element">The query's object.</param>
    /// <param name="pointer">The JSON pointer of the object, for error messages.</param>
    public static MessageQuery Read(JsonElement element, string pointer)
    {
        try
        {
            return ReadMembers(element, pointer);
        }
        catch (InvalidOperationException problem)
        {
            // The document's parser leaves the bytes of strings unchecked until they are asked for.
            throw new DymesException(ErrorCode.InvalidArgument, $"The query has a text that is not valid UTF-8: {problem.Message}", problem) { Field = pointer };
        }
    }

    private static MessageQuery ReadMembers(JsonElement element, string pointer)
    {
        var query = new MessageQuery();
        JsonElement? after = null;
        foreach (var member in JsonFields.Of(element, pointer))
        {
            var field = $"{pointer}/{member.Name}";
            var bounds = query.Bounds;
            query = member.Name switch
            {
                "select" => query with { Selection = ReadSelection(member.Value, field) },
                "from_lsn" => query with { Bounds = bounds with { FromLsn = JsonFields.Lsn(member.Value, field) } },
                "to_lsn" => query with { Bounds = bounds with { ToLsn = JsonFields.Lsn(member.Value, field) } },
                "from_id" => query with { Bounds = bounds with { FromId = JsonFields.Id(member.Value, field) } },
                "to_id" => query with { Bounds = bounds with { ToId = JsonFields.Id(member.Value, field) } },
                "filters" => query with { Filters = MessageFilterJson.ReadAll(member.Value, field) },
                "order" => query with { Order = ReadOrder(member.Value, field) },
                "limit" => query with { Limit = JsonFields.Count(member.Value, field) },
                "after" => query,
                _ => throw JsonFields.Invalid(field, $"\"{member.Name}\" is no field of a query."),
            };
            after = member.Name == "after" ? member.Value : after;
        }

        query.Validate();
        return after is { } token ? query with { After = ReadPosition(token, query, $"{pointer}/after") } : query;
    }

    private static void WriteSelection(Utf8JsonWriter json, MessageSelection selection)
    {
        switch (selection)
        {
            case LogSelection:
                json.WriteString("select", "log");
                return;
            case TimeSelection:
                json.WriteString("select", "time");
                return;
        }

        json.WriteStartObject("select");
        switch (selection)
        {
            case ChannelSelection channel:
                json.WriteString("channel", channel.Channel.ToString());
                break;
            case AncestorsSelection ancestors:
                json.WriteString("ancestors", ancestors.Id.ToString());
                break;
            case DescendantsSelection descendants:
                json.WriteString("descendants", descendants.Id.ToString());
                break;
            case IdsSelection ids:
                json.WriteStartArray("ids");
                foreach (var id in ids.Ids)
                {
                    json.WriteStringValue(id.ToString());
                }

                json.WriteEndArray();
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteBounds(Utf8JsonWriter json, MessageBounds bounds)
    {
        var everything = MessageBounds.Everything;
        if (bounds.FromLsn != everything.FromLsn)
        {
            json.WriteNumber("from_lsn", bounds.FromLsn.Value);
        }

        if (bounds.ToLsn != everything.ToLsn)
        {
            json.WriteNumber("to_lsn", bounds.ToLsn.Value);
        }

        if (bounds.FromId != everything.FromId)
        {
            json.WriteString("from_id", bounds.FromId.ToString());
        }

        if (bounds.ToId != everything.ToId)
        {
            json.WriteString("to_id", bounds.ToId.ToString());
        }
    }

    private static MessageSelection ReadSelection(JsonElement element, string field)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return element.GetString() switch
            {
                "log" => new LogSelection(),
                "time" => new TimeSelection(),
                var other => throw JsonFields.Invalid(field, $"\"{other}\" selects nothing; use \"log\", \"time\", or an object."),
            };
        }

        var member = JsonFields.Only(element, field);
        var inner = $"{field}/{member.Name}";
        return member.Name switch
        {
            "channel" => new ChannelSelection(new ChannelId(JsonFields.Number(member.Value, inner))),
            "ancestors" => new AncestorsSelection(JsonFields.Id(member.Value, inner)),
            "descendants" => new DescendantsSelection(JsonFields.Id(member.Value, inner)),
            "ids" => new IdsSelection(JsonFields.Ids(member.Value, inner)),
            _ => throw JsonFields.Invalid(inner, $"\"{member.Name}\" is no selection; use channel, ids, ancestors or descendants."),
        };
    }

    private static QueryOrder ReadOrder(JsonElement element, string field) => JsonFields.Text(element, field) switch
    {
        "asc" => QueryOrder.Ascending,
        "desc" => QueryOrder.Descending,
        _ => throw JsonFields.Invalid(field, "The order is \"asc\" or \"desc\"."),
    };

    private static QueryPosition ReadPosition(JsonElement element, MessageQuery query, string field) =>
        QueryPosition.TryParseToken(JsonFields.Text(element, field), query, out var position)
            ? position
            : throw JsonFields.Invalid(field, "The position is damaged or belongs to another query; start again without it.");
}
