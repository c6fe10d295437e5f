using System.Text.Json;
using Dymes.Message.Json;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Answering;

/// <summary>Sends a problem as the answer to a request.</summary>
internal static class ProblemAnswer
{
    public const string ContentType = "application/problem+json";
    private const string RetrySeconds = "1";

    public static async Task SendAsync(HttpContext http, Problem problem)
    {
        if (http.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            http.Abort();
            return;
        }

        var connection = http.Response.Headers.Connection;
        http.Response.Clear();
        http.Response.Headers.Connection = connection;
        http.Response.StatusCode = problem.Status;
        if (problem.IsPassing)
        {
            http.Response.Headers.RetryAfter = RetrySeconds;
        }

        if (problem.Allow is not null)
        {
            http.Response.Headers.Allow = problem.Allow;
        }

        using var bytes = new PooledBytes(512);
        using (var json = new Utf8JsonWriter(bytes, MessageJson.WriterOptions))
        {
            problem.Write(json);
        }

        await BytesAnswer.SendAsync(http, ContentType, bytes.Written).ConfigureAwait(false);
    }
}
