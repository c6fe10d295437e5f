using System.Text.Json;
using Dymes.Common;

namespace Dymes.Message.Json;

/// <summary>Reads the fields of small JSON documents, and says which one is wrong.</summary>
internal static class JsonFields
{
    public static JsonElement.ObjectEnumerator Of(JsonElement element, string pointer) => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject()
        : throw Invalid(pointer, "An object is expected here.");

    public static JsonProperty Only(JsonElement element, string pointer)
    {
        var members = Of(element, pointer);
        if (!members.MoveNext())
        {
            throw Invalid(pointer, "The object is empty; it has exactly one field.");
        }

        var member = members.Current;
        return members.MoveNext() ? throw Invalid(pointer, "The object has several fields; it has exactly one.") : member;
    }

    public static string Text(JsonElement element, string pointer) => element.ValueKind == JsonValueKind.String
        ? element.GetString()!
        : throw Invalid(pointer, "A string is expected here.");

    public static UInt128 Number(JsonElement element, string pointer)
    {
        var text = element.ValueKind == JsonValueKind.Number ? element.GetRawText() : Text(element, pointer);
        return Number128.TryParse(text, out var number)
            ? number
            : throw Invalid(pointer, $"\"{text}\" is no whole number of at most 128 bits; write digits, or a string of digits or 0x….");
    }

    public static Lsn Lsn(JsonElement element, string pointer) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out var value) && value <= long.MaxValue
            ? new Lsn(value)
            : throw Invalid(pointer, "A position is a whole number from 0 to 2^63-1.");

    public static long Count(JsonElement element, string pointer) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value) && value >= 1
            ? value
            : throw Invalid(pointer, "A whole number of at least 1 is expected here.");

    public static MessageId Id(JsonElement element, string pointer)
    {
        var text = Text(element, pointer);
        return MessageId.TryParse(text, out var id) ? id : throw Invalid(pointer, $"\"{text}\" is no ULID; it has 26 characters of Crockford's base32.");
    }

    public static MessageId[] Ids(JsonElement element, string pointer)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw Invalid(pointer, "The ids are an array.");
        }

        if (element.GetArrayLength() > MessageLimits.QueryIdsMax)
        {
            throw Invalid(pointer, $"A query names at most {MessageLimits.QueryIdsMax} ids; this one names {element.GetArrayLength()}.");
        }

        var ids = new MessageId[element.GetArrayLength()];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = Id(element[i], $"{pointer}/{i}");
        }

        return ids;
    }

    public static DymesException Invalid(string field, string message) => new(ErrorCode.InvalidArgument, message) { Field = field };
}
