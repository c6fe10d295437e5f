using System.Diagnostics;
using Dymes.Common;
using Dymes.Http.Answering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dymes.Http;

/// <summary>Stands before every endpoint: finds the method, turns whatever goes wrong into a problem, and counts.</summary>
internal sealed class Gate(HttpMetrics metrics, LameDuck server, ILogger logger)
{
    public RequestDelegate Guard(Route route) => http => RunAsync(route, http);

    private async Task RunAsync(Route route, HttpContext http)
    {
        var started = Stopwatch.GetTimestamp();
        if (server.IsLeaving)
        {
            http.Response.Headers.Connection = "close";
        }

        try
        {
            var handler = route.Find(http.Request.Method) ?? throw Refuse(route, http.Request);
            await handler(http).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            await RefuseAsync(http, error).ConfigureAwait(false);
        }

        // A method that no path has is a word of the client's choosing, of which there are too many to count.
        var method = route.Find(http.Request.Method) is null ? "other" : http.Request.Method;
        metrics.CountRequest(route.Pattern, method, http.Response.StatusCode, started);
    }

    private static Refusal Refuse(Route route, HttpRequest request) => route.Verbs.Length == 0
        ? Refusal.NotFound($"There is nothing at {request.Path}. The paths are listed at /openapi/v1.json, and readable at /docs.")
        : Refusal.Method(request.Method, route.Allow);

    private async Task RefuseAsync(HttpContext http, Exception error)
    {
        if (error is StalledClient)
        {
            metrics.CountRefusal(HttpMetrics.ClientStalled);
            http.Abort();
            return;
        }

        if (IsClientGone(http, error))
        {
            metrics.CountRefusal(HttpMetrics.ClientGone);
            http.Abort();
            return;
        }

        var problem = Explain(http, error);
        metrics.CountRefusal(problem.Slug);
        try
        {
            await ProblemAnswer.SendAsync(http, problem).ConfigureAwait(false);
        }
        catch (Exception late) when (late is StalledClient || IsClientGone(http, late))
        {
            http.Abort();
        }
    }

    private static bool IsClientGone(HttpContext http, Exception error) =>
        (error is OperationCanceledException && http.RequestAborted.IsCancellationRequested)
        || error is Microsoft.AspNetCore.Connections.ConnectionResetException or Microsoft.AspNetCore.Connections.ConnectionAbortedException
        || (error is BadHttpRequestException bad && bad.StatusCode == StatusCodes.Status400BadRequest && http.RequestAborted.IsCancellationRequested);

    private Problem Explain(HttpContext http, Exception error)
    {
        switch (error)
        {
            case Refusal refusal:
                return refusal.Problem;
            case DymesException known:
                return ExplainKnown(http, known);
            case BadHttpRequestException bad:
                return ExplainTransport(bad);
            case OperationCanceledException:
                return Problem.Of(ErrorCode.NotReady, "The node is stopping. Ask another one, or this one again in a while.");
            default:
                logger.LogError(error, "{Method} {Path} failed for a reason that nobody foresaw", http.Request.Method, http.Request.Path);
                return Problem.Of(ErrorCode.Internal, $"The node has a bug, and its log tells more under the request {http.TraceIdentifier}. The outcome of an append is unknown.");
        }
    }

    private Problem ExplainKnown(HttpContext http, DymesException error)
    {
        var problem = Problem.Of(error);
        if (problem.Status >= StatusCodes.Status500InternalServerError)
        {
            logger.LogWarning(error, "{Method} {Path} was refused: {Reason}", http.Request.Method, http.Request.Path, problem.Slug);
        }

        return problem;
    }

    // Kestrel's own refusals: a body that breaks off, chunks that are none, a client too slow.
    private static Problem ExplainTransport(BadHttpRequestException error) => error.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout => new Problem
        {
            Slug = "request-timeout",
            Title = "The request came too slowly",
            Status = error.StatusCode,
            Detail = "The body came too slowly, or stopped coming. Send it again.",
        },
        StatusCodes.Status413PayloadTooLarge => Problem.Of(ErrorCode.TooLarge, error.Message),
        _ => Problem.Of(ErrorCode.InvalidArgument, error.Message),
    };
}
