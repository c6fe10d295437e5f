using System.Globalization;
using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Http.Appending;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Reading;

/// <summary>Subscriptions: <c>GET /api/v1/subscribe</c> with the selection in the URL, <c>POST /api/v1/messages:subscribe</c> with it as JSON.</summary>
internal sealed class SubscribeEndpoint(SessionRead session, HttpLimits limits, RequestBodies bodies, HttpMetrics metrics, TimeProvider clock, CancellationToken stopping)
{
    private const string LastEventId = "Last-Event-ID";

    private readonly Turnstile _turnstile = new(limits.SubscriptionsMax, "subscriptions", metrics.CountSubscriptions);

    public async Task GetAsync(HttpContext http)
    {
        var selection = Selection.Of(http.Request, clock.GetUtcNow());
        await SendAsync(http, Resume(selection.Query, http.Request), selection.Form).ConfigureAwait(false);
    }

    public async Task PostAsync(HttpContext http)
    {
        var bodyForm = Selection.FormOf(new QueryParameters(http.Request, "body"));
        var query = await QueryEndpoint.ReadQueryAsync(http.Request, bodies).ConfigureAwait(false);
        await SendAsync(http, query, bodyForm).ConfigureAwait(false);
    }

    private async Task SendAsync(HttpContext http, MessageQuery query, BodyForm bodyForm)
    {
        query.ValidateForSubscription();
        var form = MediaTypes.Choose(http.Request, MediaTypes.Events, MediaTypes.Frames) == MediaTypes.Events ? (ILiveForm)new EventForm(bodyForm) : new FrameForm();
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.ContentType = form.ContentType;
            return;
        }

        using var pass = _turnstile.Enter();
        try
        {
            var log = await session.OpenAsync(http).ConfigureAwait(false);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
            await new LiveAnswer(http, form, limits.HeartbeatInterval, clock).SendAsync(log, query, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            // The end of the answer tells the client to come back, to this node or another.
        }
    }

    // A browser that lost its connection names the last event it saw.
    private static MessageQuery Resume(MessageQuery query, HttpRequest request)
    {
        if (!request.Headers.TryGetValue(LastEventId, out var text) || text.ToString().Length == 0)
        {
            return query;
        }

        if (!ulong.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last >= Lsn.Max.Value)
        {
            throw Refusal.Parameter(LastEventId, $"{LastEventId} is the position of the last message that came: a whole number from 0.");
        }

        var from = new Lsn(last + 1);
        return from > query.Bounds.FromLsn ? query with { Bounds = query.Bounds with { FromLsn = from } } : query;
    }
}
