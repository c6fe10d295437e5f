using System.Text;
using Dymes.Http.Answering;
using Dymes.Http.Appending;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Reading;

/// <summary>Cursors, as the original has them: open one on a query, read it piece by piece, close it.</summary>
internal sealed class CursorEndpoint(IMessageCursors cursors, SessionRead session, RequestBodies bodies, HttpMetrics metrics, TimeProvider clock)
{
    private const string PositionHeader = "Dymes-Position";

    public async Task PostAsync(HttpContext http)
    {
        if (!MediaTypes.Is(http.Request.ContentType, MediaTypes.Json))
        {
            throw Refusal.MediaType(http.Request.ContentType, MediaTypes.Json);
        }

        var form = MediaTypes.Choose(http.Request, MediaTypes.Text, MediaTypes.Json);
        var query = await bodies.ReadAsync(
            http.Request, clock, static (body, clock) => CursorRequestJson.Read(body.ToArray(), clock.GetUtcNow())).ConfigureAwait(false);
        await session.OpenAsync(http).ConfigureAwait(false);
        var id = (await cursors.OpenAsync(query, http.RequestAborted).ConfigureAwait(false)).ToString();
        metrics.CursorOpened();
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.Headers.Location = $"{http.Request.PathBase}/api/v1/cursors/{id}";
        await BytesAnswer.SendAsync(http, form, Encoding.ASCII.GetBytes(form == MediaTypes.Json ? $"{{\"id\":\"{id}\"}}" : id)).ConfigureAwait(false);
    }

    public async Task GetAsync(HttpContext http)
    {
        var id = IdOf(http);
        var parameters = new QueryParameters(http.Request, "batch_size", "body");
        var count = (int)(parameters.Number("batch_size", 1, Selection.LimitMax) ?? 1);
        var form = MediaTypes.Choose(http.Request, MediaTypes.Lines, MediaTypes.Frames, MediaTypes.Bytes, MediaTypes.Json);
        var page = await cursors.ReadAsync(id, count, http.RequestAborted).ConfigureAwait(false) ?? throw Unknown(id);
        Tell(http, page);
        http.Response.Headers[PositionHeader] = $"{page.Position.Ordinal}:{page.Position.Id}";
        if (form is MediaTypes.Frames or MediaTypes.Bytes)
        {
            await BytesAnswer.SendAsync(http, form, page.Frames).ConfigureAwait(false);
            return;
        }

        using var bytes = new PooledBytes(4096);
        using (var lines = new MessageLines(bytes, Selection.FormOf(parameters)))
        {
            lines.WriteLines(page);
        }

        await BytesAnswer.SendAsync(http, MediaTypes.Lines, bytes.Written).ConfigureAwait(false);
    }

    public async Task DeleteAsync(HttpContext http)
    {
        var id = IdOf(http);
        if (!await cursors.CloseAsync(id, http.RequestAborted).ConfigureAwait(false))
        {
            throw Unknown(id);
        }

        metrics.CursorClosed();
        http.Response.ContentLength = 0;
    }

    private static void Tell(HttpContext http, FramePage page)
    {
        var seen = new SeenEnd();
        seen.Add(page.Frames.Span);
        SessionRead.Tell(http, seen.Value);
    }

    private static CursorId IdOf(HttpContext http) => CursorId.TryParse((string?)http.Request.RouteValues["id"], out var id)
        ? id
        : throw Refusal.Parameter("id", "The path must end with a cursor's id: up to 32 hexadecimal digits, with or without 0x.");

    private static Refusal Unknown(CursorId id) => Refusal.NotFound($"There is no cursor {id}. It was closed or has expired: open a new one.");
}
