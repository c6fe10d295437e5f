using System.Text.Json;
using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Http.Reading;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Operating;

/// <summary>Whether the process lives, and whether the node takes appends. Probes get the original's one word; who asks for JSON gets the reason.</summary>
internal sealed class HealthEndpoint(SessionRead session, HttpMetrics metrics, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public Task GetLiveAsync(HttpContext http)
    {
        metrics.CountLivenessProbe();
        return AnswerAsync(http, StatusCodes.Status200OK, "Alive."u8.ToArray(), "alive", "process", null);
    }

    public async Task GetReadyAsync(HttpContext http)
    {
        metrics.CountReadinessProbe();
        var (condition, detail) = await AskAsync(http.RequestAborted).ConfigureAwait(false);
        var isReady = condition == LogCondition.Ready;
        await AnswerAsync(
            http,
            isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            isReady ? "Ready."u8.ToArray() : "Not ready."u8.ToArray(),
            StatusEndpoint.NameOf(condition),
            "log",
            detail).ConfigureAwait(false);
    }

    private async Task<(LogCondition Condition, string? Detail)> AskAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var status = await session.Stale.GetStatusAsync(ending.Token).AsTask().WaitAsync(ending.Token).ConfigureAwait(false);
            return (status.Condition, status.Detail);
        }
        catch (DymesException error)
        {
            return (LogCondition.NotReady, error.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (LogCondition.NotReady, $"The log did not answer within {Patience.TotalSeconds:0} s.");
        }
    }

    private static async Task AnswerAsync(HttpContext http, int status, byte[] word, string state, string component, string? detail)
    {
        var form = MediaTypes.Choose(http.Request, MediaTypes.Text, MediaTypes.Json);
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-cache,no-store,must-revalidate,no-transform";
        if (form == MediaTypes.Text)
        {
            await BytesAnswer.SendAsync(http, form, word).ConfigureAwait(false);
            return;
        }

        using var bytes = new PooledBytes(256);
        using (var json = new Utf8JsonWriter(bytes, MessageJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, state);
            json.WriteStartArray("components"u8);
            json.WriteStartObject();
            json.WriteString("name"u8, component);
            json.WriteString("status"u8, state);
            json.WriteString("detail"u8, detail);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        await BytesAnswer.SendAsync(http, form, bytes.Written).ConfigureAwait(false);
    }
}
