using System.Text.Json;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Message.Json;

/// <summary>
/// A filter as JSON: <c>{"channel_filter":n}</c>, <c>{"routing_filter":{"variant":"widening","routing_mask":n}}</c>, the same with <c>"narrowing"</c> and
/// <c>routing_cmp</c> (default: the mask), <c>{"kv_filter":{"has":key}}</c>, or there <c>eql</c> or <c>neq</c> with <c>{"key","value"}</c>.
/// </summary>
public static class MessageFilterJson
{
    /// <summary>Writes a filter as a value.</summary>
    public static void Write(Utf8JsonWriter json, MessageFilter filter)
    {
        json.WriteStartObject();
        switch (filter)
        {
            case ChannelFilter channel:
                json.WriteString("channel_filter", channel.Channel.ToString());
                break;
            case WideningFilter widening:
                WriteRouting(json, "widening", widening.Mask, null);
                break;
            case NarrowingFilter narrowing:
                WriteRouting(json, "narrowing", narrowing.Mask, narrowing.Comparison);
                break;
            case KvFilter kv:
                WriteKv(json, kv);
                break;
            default:
                throw new InvariantViolation($"{filter.GetType().Name} has no JSON form");
        }

        json.WriteEndObject();
    }

    /// <summary>Reads an array of filters.</summary>
    /// <param name="element">The array.</param>
    /// <param name="pointer">Its JSON pointer, for error messages.</param>
    public static IReadOnlyList<MessageFilter> ReadAll(JsonElement element, string pointer)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw JsonFields.Invalid(pointer, "The filters are an array.");
        }

        var filters = new List<MessageFilter>();
        foreach (var item in element.EnumerateArray())
        {
            filters.Add(Read(item, $"{pointer}/{filters.Count}"));
        }

        return filters;
    }

    /// <summary>Reads one filter.</summary>
    /// <param name="element">The filter's object.</param>
    /// <param name="pointer">Its JSON pointer, for error messages.</param>
    public static MessageFilter Read(JsonElement element, string pointer)
    {
        var member = JsonFields.Only(element, pointer);
        var field = $"{pointer}/{member.Name}";
        return member.Name switch
        {
            "channel_filter" => new ChannelFilter(new ChannelId(JsonFields.Number(member.Value, field))),
            "routing_filter" => ReadRouting(member.Value, field),
            "kv_filter" => ReadKv(member.Value, field),
            _ => throw JsonFields.Invalid(field, $"\"{member.Name}\" is no filter; use channel_filter, routing_filter or kv_filter."),
        };
    }

    private static void WriteRouting(Utf8JsonWriter json, string variant, UInt128 mask, UInt128? comparison)
    {
        json.WriteStartObject("routing_filter");
        json.WriteString("variant", variant);
        json.WriteString("routing_mask", Number128.Format(mask));
        if (comparison is { } bits)
        {
            json.WriteString("routing_cmp", Number128.Format(bits));
        }

        json.WriteEndObject();
    }

    private static void WriteKv(Utf8JsonWriter json, KvFilter kv)
    {
        json.WriteStartObject("kv_filter");
        if (kv.Relation == KvRelation.Has)
        {
            json.WriteString("has", kv.Key);
        }
        else
        {
            json.WriteStartObject(kv.Relation == KvRelation.Equal ? "eql" : "neq");
            json.WriteString("key", kv.Key);
            json.WriteString("value", kv.Value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static MessageFilter ReadRouting(JsonElement element, string pointer)
    {
        string? variant = null;
        UInt128? mask = null;
        UInt128? comparison = null;
        foreach (var member in JsonFields.Of(element, pointer))
        {
            var field = $"{pointer}/{member.Name}";
            switch (member.Name)
            {
                case "variant":
                    variant = JsonFields.Text(member.Value, field);
                    break;
                case "routing_mask":
                    mask = JsonFields.Number(member.Value, field);
                    break;
                case "routing_cmp":
                    comparison = member.Value.ValueKind == JsonValueKind.Null ? null : JsonFields.Number(member.Value, field);
                    break;
                default:
                    throw JsonFields.Invalid(field, $"\"{member.Name}\" is no field of a routing filter.");
            }
        }

        var bits = mask ?? throw JsonFields.Invalid($"{pointer}/routing_mask", "A routing filter has a mask.");
        return variant switch
        {
            "widening" => new WideningFilter(bits),
            "narrowing" => new NarrowingFilter(bits, comparison ?? bits),
            _ => throw JsonFields.Invalid($"{pointer}/variant", "The variant is \"widening\" or \"narrowing\"."),
        };
    }

    private static KvFilter ReadKv(JsonElement element, string pointer)
    {
        var member = JsonFields.Only(element, pointer);
        var field = $"{pointer}/{member.Name}";
        return member.Name switch
        {
            "has" => new KvFilter(KvRelation.Has, JsonFields.Text(member.Value, field)),
            "eql" => ReadPair(KvRelation.Equal, member.Value, field),
            "neq" => ReadPair(KvRelation.NotEqual, member.Value, field),
            _ => throw JsonFields.Invalid(field, $"\"{member.Name}\" is no relation; use has, eql or neq."),
        };
    }

    private static KvFilter ReadPair(KvRelation relation, JsonElement element, string pointer)
    {
        string? key = null;
        string? value = null;
        foreach (var member in JsonFields.Of(element, pointer))
        {
            var field = $"{pointer}/{member.Name}";
            key = member.Name == "key" ? JsonFields.Text(member.Value, field) : key;
            value = member.Name == "value" ? JsonFields.Text(member.Value, field) : value;
            if (member.Name is not ("key" or "value"))
            {
                throw JsonFields.Invalid(field, $"\"{member.Name}\" is neither key nor value.");
            }
        }

        return new KvFilter(
            relation,
            key ?? throw JsonFields.Invalid($"{pointer}/key", "The key is missing."),
            value ?? throw JsonFields.Invalid($"{pointer}/value", "The value is missing."));
    }
}
