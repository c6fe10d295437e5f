using System.Net;
using Dymes.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Dymes.Hosting.Operating;

/// <summary>
/// Two doors of one server: the API on one port, operations on another, health and the cluster's status on both. Which door a request came through is known by its connection: a Host header
/// says whatever its sender likes.
/// </summary>
public static class OpsListener
{
    private static readonly PathString[] OpsPaths = ["/observe/metrics", "/metrics", "/dashboard"];
    private static readonly PathString[] CommonPaths = ["/observe/health", "/observe/cluster"];

    /// <summary>Listens for operators.</summary>
    public static void ListenForOps(this KestrelServerOptions kestrel, OpsSettings settings) => kestrel.Listen(AddressOf(settings.Host, "metrics.host"), settings.Port, listen =>
        listen.Use(next => connection =>
        {
            connection.Features.Set(OpsDoor.Instance);
            return next(connection);
        }));

    /// <summary>Listens for clients.</summary>
    public static void ListenForClients(this KestrelServerOptions kestrel, string host, int port) => kestrel.Listen(AddressOf(host, "http.host"), port);

    /// <summary>Answers 404 where a path is asked for at the wrong door. Comes before everything else.</summary>
    public static IApplicationBuilder UseDoors(this IApplicationBuilder app) => app.Use(static next => context =>
    {
        var path = context.Request.Path;
        var cameByOps = context.Features.Get<OpsDoor>() is not null;
        return IsBelow(OpsPaths, path) == cameByOps || IsBelow(CommonPaths, path) ? next(context) : RefuseAsync(context, cameByOps);
    });

    /// <summary>Answers 404 with a problem that says what else to ask for.</summary>
    public static Task AnswerNotFoundAsync(HttpContext context, string detail) => Results.Problem(
        statusCode: StatusCodes.Status404NotFound,
        type: "urn:dymes:problem:not-found",
        title: ErrorCatalog.Describe(ErrorCode.NotFound).Title,
        detail: detail).ExecuteAsync(context);

    private static bool IsBelow(PathString[] parents, PathString path) => Array.Exists(parents, parent => path.StartsWithSegments(parent, StringComparison.OrdinalIgnoreCase));

    private static Task RefuseAsync(HttpContext context, bool cameByOps) => AnswerNotFoundAsync(
        context,
        cameByOps ? "This port is for metrics, dashboard and health; the API is on http.port." : "This port is for the API; metrics and dashboard are on metrics.port.");

    private static IPAddress AddressOf(string host, string key) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : throw new DymesException(ErrorCode.ConfigurationInvalid, $"{key} is '{host}'; it must be an IP address such as 127.0.0.1 or 0.0.0.0.") { Field = key };

    private sealed class OpsDoor
    {
        public static OpsDoor Instance { get; } = new();
    }
}
