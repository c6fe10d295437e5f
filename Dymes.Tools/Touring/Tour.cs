using Dymes.Message;

namespace Dymes.Tools.Touring;

/// <summary>The steps of the tour. Their messages have ids and a channel of their own, so that a tour leaves earlier ones alone.</summary>
internal static class Tour
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";

    public static IReadOnlyList<TourStep> Create(MessageIdSequence ids, DateTimeOffset now)
    {
        var placed = ids.Next(now.ToUnixTimeMilliseconds());
        var paid = ids.Next(now.ToUnixTimeMilliseconds());
        var shipped = ids.Next(now.ToUnixTimeMilliseconds());
        var channel = $"tour-{placed.ToString()[^6..].ToLowerInvariant()}";
        return
        [
            new("A node", "How much it holds, and whether it takes messages.", HttpMethod.Get, "api/v1/status"),
            new(
                "Import",
                "Three messages with ids that were made elsewhere, as a migration or a restore has them. Sent again, they would be left alone: an id holds one message for ever.",
                HttpMethod.Post,
                "api/v1/import",
                Lines,
                string.Join('\n', Event(placed, channel, "OrderPlaced", null), Event(paid, channel, "OrderPaid", placed), Event(shipped, channel, "OrderShipped", paid)) + "\n"),
            new("One message", "By its id. The body is JSON here; it may be any bytes.", HttpMethod.Get, $"api/v1/messages/{placed}?body=json"),
            new(
                "Append",
                "A message of the log's own making: it gets its id and its position. It follows from the payment, and says so.",
                HttpMethod.Post,
                "api/v1/messages",
                Json,
                $$$"""{"channel":"{{{channel}}}","encoded_correlation_id":"{{{paid}}}","kv_entries":[{"key":"type","value":"ReceiptSent"}],"body":{"by":"mail"}}"""),
            new("Correlation, up", "The shipment, what it follows from, and so on to the order that began it all.", HttpMethod.Get, $"api/v1/messages?correlation={shipped}&direction=ancestors&body=json"),
            new("Correlation, down", "Everything that followed from the order: a tree, in the order of the log.", HttpMethod.Get, $"api/v1/messages?correlation={placed}&direction=descendants&body=json"),
            new("Channel", "One stream within the log, here one order. A channel may be a name or a number.", HttpMethod.Get, $"api/v1/messages?channel={channel}&body=json"),
            new("Range", "The same by time, of the last minute, and only what the entries say is a payment.", HttpMethod.Get, $"api/v1/messages?channel={channel}&from=now-1m&to=now%2B1m&kv=type%3D%3DOrderPaid&body=json"),
            new("Version", "How many messages the channel holds: what expected_version compares with.", HttpMethod.Get, $"api/v1/channels/{channel}"),
        ];
    }

    private static string Event(MessageId id, string channel, string type, MessageId? parent)
    {
        var correlation = parent is { } origin ? $"\"encoded_correlation_id\":\"{origin}\"," : "";
        return $$$"""{"encoded_id":"{{{id}}}","channel":"{{{channel}}}",{{{correlation}}}"kv_entries":[{"key":"type","value":"{{{type}}}"}],"body":{"order":42}}""";
    }
}
