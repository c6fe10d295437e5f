using Dymes.Http.Answering;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Dymes.Http.Reading;

/// <summary><c>GET /api/v1/messages/{id}</c>: one message as JSON, as its frame, or nothing but its body.</summary>
internal sealed class MessageEndpoint(SessionRead session)
{
    public async Task GetAsync(HttpContext http)
    {
        if (!MessageId.TryParse((string?)http.Request.RouteValues["id"], out var id))
        {
            throw Refusal.Parameter("id", "The path must end with a ULID: 26 characters of Crockford base32, the first of them 0 to 7.");
        }

        var parameters = new QueryParameters(http.Request, "content", "body");
        var isBodyAlone = parameters.Choice("content", false, ("message", false), ("body", true));
        var bodyForm = Selection.FormOf(parameters);
        var form = isBodyAlone ? "" : MediaTypes.Choose(http.Request, MediaTypes.Json, MediaTypes.Bytes, MediaTypes.Frames);
        var log = await session.OpenAsync(http).ConfigureAwait(false);
        using var bytes = new PooledBytes(4096);
        await foreach (var page in log.QueryAsync(new MessageQuery { Selection = new IdsSelection([id]) }, http.RequestAborted).ConfigureAwait(false))
        {
            if (page.Count > 0)
            {
                var type = Write(bytes, Only(page), form, bodyForm);
                SessionRead.Tell(http, Only(page).Lsn.Next);
                Guard(http.Response, isBodyAlone);
                await BytesAnswer.SendAsync(http, type, bytes.Written).ConfigureAwait(false);
                return;
            }
        }

        throw Refusal.NotFound($"There is no message {id}.");
    }

    private static MessageFrame Only(FramePage page)
    {
        var frames = page.GetEnumerator();
        frames.MoveNext();
        return frames.Current;
    }

    private static string Write(PooledBytes bytes, MessageFrame frame, string form, BodyForm bodyForm)
    {
        if (form == MediaTypes.Json)
        {
            using var lines = new MessageLines(bytes, bodyForm);
            lines.Write(frame);
            return form;
        }

        var part = form.Length == 0 ? frame.Body : frame.Bytes;
        part.CopyTo(bytes.GetSpan(part.Length));
        bytes.Advance(part.Length);
        return form.Length == 0 ? ContentTypeOf(frame) : form;
    }

    // What the message says of its content, unless that is no media type at all.
    private static string ContentTypeOf(MessageFrame frame) =>
        frame.TryGetKv("content-type"u8, out var type) && type.Length <= 256
        && MediaTypeHeaderValue.TryParse(System.Text.Encoding.UTF8.GetString(type), out var parsed) && System.Text.Ascii.IsValid(parsed.ToString())
            ? parsed.ToString()
            : MediaTypes.Bytes;

    // Somebody else wrote the content: a browser shall neither guess at it nor run it as if it were this server's own.
    private static void Guard(HttpResponse response, bool isBodyAlone)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        if (isBodyAlone)
        {
            response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        }
    }
}
