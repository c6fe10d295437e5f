using System.Reflection;
using System.Text.Json;
using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Operating;

/// <summary><c>GET /api/v1/status</c> and <c>GET /api/v1/cluster</c>.</summary>
internal sealed class StatusEndpoint(IMessageLog log, TimeProvider clock)
{
    private static readonly string Version =
        typeof(StatusEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private readonly long _started = clock.GetTimestamp();

    public static string NameOf(LogCondition condition) => condition switch
    {
        LogCondition.Ready => "ready",
        LogCondition.NotReady => "not-ready",
        LogCondition.DiskFull => "disk-full",
        LogCondition.Failed => "failed",
        _ => throw new InvariantViolation($"the condition {condition} has no name"),
    };

    public Task GetStatusAsync(HttpContext http) => AnswerAsync(http, WriteStatus);

    // One node: it is its own majority, and whatever it has is committed.
    public Task GetClusterAsync(HttpContext http) => AnswerAsync(http, static (json, status) =>
    {
        json.WriteString("mode"u8, "one-node");
        json.WriteString("detail"u8, "This node runs alone: it has no view, no primary and no other replicas.");
        json.WriteNull("view"u8);
        json.WriteNull("primary"u8);
        json.WriteStartArray("replicas"u8);
        json.WriteStartObject();
        json.WriteNumber("replica"u8, 0);
        json.WriteString("status"u8, NameOf(status.Condition));
        json.WriteNumber("next_lsn"u8, status.NextLsn.Value);
        json.WriteNumber("lag"u8, 0);
        json.WriteEndObject();
        json.WriteEndArray();
    });

    private async Task AnswerAsync(HttpContext http, Action<Utf8JsonWriter, LogStatus> write)
    {
        var form = MediaTypes.Choose(http.Request, MediaTypes.Json);
        var status = await log.GetStatusAsync(http.RequestAborted).ConfigureAwait(false);
        using var bytes = new PooledBytes(512);
        using (var json = new Utf8JsonWriter(bytes, MessageJson.WriterOptions))
        {
            json.WriteStartObject();
            write(json, status);
            json.WriteEndObject();
        }

        http.Response.Headers.CacheControl = "no-store";
        await BytesAnswer.SendAsync(http, form, bytes.Written).ConfigureAwait(false);
    }

    private void WriteStatus(Utf8JsonWriter json, LogStatus status)
    {
        json.WriteString("version"u8, Version);
        json.WriteString("condition"u8, NameOf(status.Condition));
        json.WriteString("detail"u8, status.Detail);
        json.WriteNumber("messages"u8, status.NextLsn.Value);
        json.WriteNumber("next_lsn"u8, status.NextLsn.Value);
        if (status.LastId.IsNone)
        {
            json.WriteNull("last_id"u8);
            json.WriteNull("last_time"u8);
        }
        else
        {
            MessageJson.WriteId(json, "last_id"u8, status.LastId);
            MessageJson.WriteTime(json, "last_time"u8, status.LastId);
        }

        json.WriteNumber("stored_bytes"u8, status.StoredBytes);
        json.WriteNumber("segment_count"u8, status.SegmentCount);
        json.WriteNumber("uptime_seconds"u8, (long)clock.GetElapsedTime(_started).TotalSeconds);
    }
}
