using System.Text;
using System.Text.Json;
using Dymes.Message;

namespace Dymes.Cluster.Tests.Crash;

/// <summary>A message as a client of the load sent it. Its token is in its body and in nobody else's, so that it is known again in the log.</summary>
/// <param name="Token">Unique over all rounds.</param>
/// <param name="Id">The id that the client made, or none.</param>
/// <param name="Key">The idempotency key, or null.</param>
/// <param name="Group">The atomic batch that it belongs to, or null.</param>
/// <param name="Channel">The channel's name.</param>
/// <param name="Parent">The message it follows from, or none.</param>
/// <param name="Padding">Makes bodies of different sizes.</param>
internal sealed record SentMessage(string Token, MessageId Id, string? Key, string? Group, string Channel, MessageId Parent, string Padding)
{
    private string Body => $$"""{"token":"{{Token}}","padding":"{{Padding}}"}""";

    /// <summary>The message as a creation request.</summary>
    public string ToJson()
    {
        var correlation = Parent.IsNone ? "" : $"\"encoded_correlation_id\":\"{Parent}\",";
        return $$"""{"channel":"{{Channel}}","routing":"0x7",{{correlation}}"kv_entries":[{"key":"load","value":"{{Token}}"}],"body":{{Body}}}""";
    }

    /// <summary>Whether a stored frame says exactly this.</summary>
    public bool IsSaidBy(MessageFrame frame) =>
        frame.Body.SequenceEqual(Encoding.UTF8.GetBytes(Body))
        && frame.Channel == ChannelId.OfName(Channel)
        && frame.CorrelationId == Parent
        && frame.Routing == 7
        && (Id.IsNone || frame.Id == Id)
        && HasEntry(frame, "load", Token)
        && HasEntry(frame, "content-type", "application/json")
        && HasEntry(frame, "dymes:channel", Channel)
        && frame.KvCount == (Key is null ? 3 : 4);

    /// <summary>The token of a stored frame.</summary>
    public static string TokenOf(MessageFrame frame)
    {
        var body = new Utf8JsonReader(frame.Body);
        body.Read();
        body.Read();
        body.Read();
        return body.GetString()!;
    }

    private static bool HasEntry(MessageFrame frame, string key, string value) =>
        frame.TryGetKv(Encoding.UTF8.GetBytes(key), out var found) && found.SequenceEqual(Encoding.UTF8.GetBytes(value));
}
