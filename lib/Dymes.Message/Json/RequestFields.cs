namespace Dymes.Message.Json;

/// <summary>The fields of creation and import requests. Each has one bit, so that a field given twice is found.</summary>
[Flags]
internal enum RequestField
{
    None = 0,
    Channel = 1,
    Routing = 2,
    CorrelationId = 4,
    KvEntries = 8,
    EncodedBody = 16,
    Body = 32,
    ExpectedVersion = 64,
    Id = 128,
}

/// <summary>The names of the fields: those of the API, and for imports those of the original's export as well.</summary>
internal static class RequestFields
{
    public static RequestField Find(ReadOnlySpan<byte> name, RequestIds ids)
    {
        var field = name.Length switch
        {
            4 when name.SequenceEqual("body"u8) => RequestField.Body,
            7 when name.SequenceEqual("channel"u8) => RequestField.Channel,
            7 when name.SequenceEqual("routing"u8) => RequestField.Routing,
            10 when name.SequenceEqual("kv_entries"u8) => RequestField.KvEntries,
            10 when ids != RequestIds.Assigned && name.SequenceEqual("encoded_id"u8) => RequestField.Id,
            16 when name.SequenceEqual("encoded_msg_body"u8) => RequestField.EncodedBody,
            16 when name.SequenceEqual("expected_version"u8) => RequestField.ExpectedVersion,
            22 when name.SequenceEqual("encoded_correlation_id"u8) => RequestField.CorrelationId,
            _ => RequestField.None,
        };
        return field == RequestField.None && ids == RequestIds.Required ? FindOriginal(name) : field;
    }

    /// <summary>The place of a field. An error in a field of the original's export is told under its present name.</summary>
    public static string Pointer(RequestField field, RequestIds ids) => field switch
    {
        RequestField.Channel => "/channel",
        RequestField.Routing => "/routing",
        RequestField.CorrelationId => "/encoded_correlation_id",
        RequestField.KvEntries => "/kv_entries",
        RequestField.EncodedBody => "/encoded_msg_body",
        RequestField.Body => "/body",
        RequestField.ExpectedVersion => "/expected_version",
        _ => "/encoded_id",
    };

    public static string Explain(string name, RequestIds ids)
    {
        if (name is "encoded_id" or "id")
        {
            return "A new message gets its id from the log. To give one: PUT /api/v1/messages/{id}, or POST /api/v1/import with encoded_id.";
        }

        var known = "channel, routing, encoded_correlation_id, kv_entries, encoded_msg_body, body, expected_version" + (ids == RequestIds.Assigned ? "" : ", encoded_id");
        return $"There is no field {name}. The fields are: {known}.";
    }

    private static RequestField FindOriginal(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => RequestField.Id,
        7 when name.SequenceEqual("headers"u8) => RequestField.KvEntries,
        7 when name.SequenceEqual("content"u8) => RequestField.EncodedBody,
        14 when name.SequenceEqual("correlation_id"u8) => RequestField.CorrelationId,
        _ => RequestField.None,
    };
}
