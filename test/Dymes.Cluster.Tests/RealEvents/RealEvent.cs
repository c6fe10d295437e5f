using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dymes.Common;
using Dymes.Message;

namespace Dymes.Cluster.Tests.RealEvents;

/// <summary>Something that happened on this machine or to one of its packages, as a message to import.</summary>
/// <param name="Id">Its time, and a hash of what it is: the same event has the same id in every run.</param>
/// <param name="Channel">The channel's name.</param>
/// <param name="Parent">The event that it follows from, or none.</param>
/// <param name="Kind">The header <c>kind</c>.</param>
/// <param name="Body">JSON.</param>
internal sealed record RealEvent(MessageId Id, string Channel, MessageId Parent, string Kind, string Body)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static RealEvent Create(DateTimeOffset time, string kind, string key, string channel, MessageId parent, object body)
    {
        var hash = Checksum.Of(Encoding.UTF8.GetBytes($"{kind}\n{key}")) & ((UInt128.One << 80) - 1);
        return new RealEvent(new MessageId(MessageId.FirstAt(time.ToUnixTimeMilliseconds()).Value | hash), channel, parent, kind, JsonSerializer.Serialize(body, Readable));
    }

    /// <summary>The event as a line of an import.</summary>
    public string ToImportLine()
    {
        var correlation = Parent.IsNone ? "" : $""" "encoded_correlation_id":"{Parent}",""";
        return $$"""{"encoded_id":"{{Id}}",{{correlation}}"channel":{{JsonSerializer.Serialize(Channel, Readable)}},"kv_entries":[{"key":"kind","value":"{{Kind}}"}],"body":{{Body}}}""";
    }

    /// <summary>The event as a row for awk: id, milliseconds, channel, parent (empty where none), kind.</summary>
    public string ToRow() => string.Join('\t', Id, Id.UnixMilliseconds, Channel, Parent.IsNone ? "" : Parent.ToString(), Kind);
}
