using System.Reflection;
using System.Text.Json;
using Dymes.Common;
using Dymes.Http.Reading;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Operating;

/// <summary><c>GET /api/v1/status</c>: how much there is, and how the node is.</summary>
internal sealed class StatusEndpoint(SessionRead session, TimeProvider clock)
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

    public async Task GetStatusAsync(HttpContext http)
    {
        var log = await session.OpenAsync(http).ConfigureAwait(false);
        var status = await log.GetStatusAsync(http.RequestAborted).ConfigureAwait(false);
        SessionRead.Tell(http, status.NextLsn);
        await DocumentAnswer.SendAsync(http, json => WriteStatus(json, status)).ConfigureAwait(false);
    }

    private void WriteStatus(Utf8JsonWriter json, LogStatus status)
    {
        json.WriteStartObject();
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
        json.WriteEndObject();
    }
}
