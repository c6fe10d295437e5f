using Dymes.Http.Answering;
using Dymes.Http.Appending;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Reading;

/// <summary>Queries: <c>GET /api/v1/messages</c> with the question in the URL, <c>POST /api/v1/messages:query</c> with it as JSON.</summary>
internal sealed class QueryEndpoint(PageAnswer pages, SessionRead session, RequestBodies bodies, TimeProvider clock)
{
    private const int PageLimitUsual = 1000;

    public async Task GetAsync(HttpContext http)
    {
        var selection = Selection.Of(http.Request, clock.GetUtcNow());
        var form = FormOf(http);
        var log = await session.OpenAsync(http).ConfigureAwait(false);
        if (form == MediaTypes.Json || selection.Query.Limit is not null)
        {
            var limited = selection with { Query = selection.Query with { Limit = selection.Query.Limit ?? PageLimitUsual } };
            await pages.SendAsync(http, log, limited, form).ConfigureAwait(false);
            return;
        }

        await StreamAsync(http, log, selection.Query, form, selection.Form, withMarks: false).ConfigureAwait(false);
    }

    public async Task PostAsync(HttpContext http)
    {
        var form = FormOf(http);
        var bodyForm = Selection.FormOf(new QueryParameters(http.Request, "body"));
        var query = await ReadQueryAsync(http.Request, bodies).ConfigureAwait(false);
        var log = await session.OpenAsync(http).ConfigureAwait(false);
        if (form == MediaTypes.Json)
        {
            var limit = Math.Min(query.Limit ?? PageLimitUsual, Selection.LimitMax);
            await pages.SendAsync(http, log, new Selection(query with { Limit = limit }, bodyForm, IsRelative: false), form).ConfigureAwait(false);
            return;
        }

        await StreamAsync(http, log, query, form, bodyForm, withMarks: true).ConfigureAwait(false);
    }

    /// <summary>Reads a query as JSON.</summary>
    public static ValueTask<MessageQuery> ReadQueryAsync(HttpRequest request, RequestBodies bodies) => MediaTypes.Is(request.ContentType, MediaTypes.Json)
        ? bodies.ReadAsync(request, 0, static (body, _) => MessageQueryJson.Read(body.ToArray()))
        : throw Refusal.MediaType(request.ContentType, MediaTypes.Json);

    private static string FormOf(HttpContext http) => MediaTypes.Choose(http.Request, MediaTypes.Json, MediaTypes.Lines, MediaTypes.Frames);

    private static async Task StreamAsync(HttpContext http, IMessageLog log, MessageQuery query, string form, BodyForm bodyForm, bool withMarks)
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.ContentType = form;
        }
        else if (form == MediaTypes.Frames)
        {
            await StreamAnswer.SendFramesAsync(http, log, query, withMarks).ConfigureAwait(false);
        }
        else
        {
            await StreamAnswer.SendLinesAsync(http, log, query, bodyForm).ConfigureAwait(false);
        }
    }
}
