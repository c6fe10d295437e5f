using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Reading;

/// <summary>Which messages a URL asks for, and how they are shown.</summary>
/// <param name="Query">The question, without a limit where none is given.</param>
/// <param name="Form">How bodies are shown in JSON.</param>
/// <param name="IsRelative">Whether the bounds depend on the time of the request, so that a place in the answer must carry them.</param>
internal sealed record Selection(MessageQuery Query, BodyForm Form, bool IsRelative)
{
    public const int LimitMax = 10_000;

    private static readonly string[] Known =
    [
        "from", "to", "from_lsn", "to_lsn", "by", "channel", "correlation", "direction", "ids", "kv", "widening", "narrowing", "order", "limit", "cursor", "body",
    ];

    /// <summary>Reads the parameters of a URL.</summary>
    /// <exception cref="Refusal">One is malformed or unknown.</exception>
    /// <exception cref="DymesException">They do not fit together.</exception>
    public static Selection Of(HttpRequest request, DateTimeOffset now)
    {
        var parameters = new QueryParameters(request, Known);
        var bounds = BoundsOf(parameters, now);
        var query = new MessageQuery
        {
            Selection = SelectionOf(parameters, out var channelFilter),
            Bounds = bounds,
            Filters = FiltersOf(parameters, channelFilter),
            Order = parameters.Choice("order", QueryOrder.Ascending, ("asc", QueryOrder.Ascending), ("desc", QueryOrder.Descending)),
            Limit = parameters.Number("limit", 1, LimitMax),
        };
        query.Validate();
        var form = FormOf(parameters);
        var isRelative = bounds != BoundsOf(parameters, now.AddDays(1).AddMilliseconds(1));
        return new Selection(parameters.Text("cursor") is { } cursor ? PageCursor.Resume(query, cursor) : query, form, isRelative);
    }

    public static BodyForm FormOf(QueryParameters parameters) =>
        parameters.Choice("body", BodyForm.Base64, ("base64", BodyForm.Base64), ("json", BodyForm.Json), ("text", BodyForm.Text));

    private static MessageBounds BoundsOf(QueryParameters parameters, DateTimeOffset now)
    {
        var everything = MessageBounds.Everything;
        return new MessageBounds(
            parameters.Position("from_lsn") ?? everything.FromLsn,
            parameters.Position("to_lsn") ?? everything.ToLsn,
            parameters.Text("from") is { } from ? TimeExpression.FirstId(from, now, "from") : everything.FromId,
            parameters.Text("to") is { } to ? TimeExpression.LastId(to, now, "to") : everything.ToId);
    }

    private static MessageSelection SelectionOf(QueryParameters parameters, out ChannelFilter? channelFilter)
    {
        var channel = parameters.Channel("channel");
        var correlation = parameters.Id("correlation");
        var ids = parameters.Has("ids") ? parameters.Ids("ids") : null;
        var goesDown = parameters.Choice("direction", false, ("ancestors", false), ("descendants", true));
        if (parameters.Has("direction") && correlation is null)
        {
            throw Refusal.Parameter("direction", "The parameter direction goes with correlation.");
        }

        if (correlation is not null && ids is not null)
        {
            throw Refusal.Parameter("ids", "Give either correlation or ids.");
        }

        var selection = correlation is { } id ? (goesDown ? new DescendantsSelection(id) : new AncestorsSelection(id))
            : ids is not null ? new IdsSelection(ids)
            : channel is { } only ? new ChannelSelection(only)
            : (MessageSelection?)null;
        if (selection is not null && parameters.Has("by"))
        {
            throw Refusal.Parameter("by", "The parameter by goes with a selection of the whole log.");
        }

        channelFilter = channel is { } also && selection is not ChannelSelection ? new ChannelFilter(also) : null;
        return selection ?? WholeLog(parameters);
    }

    // Who asks for a time wants to see it in order of time, unless positions are asked for as well.
    private static MessageSelection WholeLog(QueryParameters parameters)
    {
        var asksForTime = (parameters.Has("from") || parameters.Has("to")) && !parameters.Has("from_lsn") && !parameters.Has("to_lsn");
        return parameters.Choice("by", asksForTime, ("log", false), ("time", true)) ? new TimeSelection() : new LogSelection();
    }

    private static List<MessageFilter> FiltersOf(QueryParameters parameters, ChannelFilter? channel)
    {
        var filters = new List<MessageFilter>();
        if (channel is not null)
        {
            filters.Add(channel);
        }

        foreach (var text in parameters.All("kv"))
        {
            filters.Add(FilterExpression.Kv(text ?? ""));
        }

        foreach (var text in parameters.All("widening"))
        {
            filters.Add(FilterExpression.Widening(text ?? ""));
        }

        foreach (var text in parameters.All("narrowing"))
        {
            filters.Add(FilterExpression.Narrowing(text ?? ""));
        }

        return filters;
    }
}
