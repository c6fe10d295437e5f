using Dymes.Http.Operating;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dymes.Http;

/// <summary>
/// The HTTP API of Dymes over any <see cref="IMessageLog"/> and <see cref="IMessageCursors"/> that the services have, and their <see cref="IClusterStatus"/>, if they have one.
/// </summary>
public static class DymesHttp
{
    /// <summary>Adds what the endpoints need, beside the log and the cursors.</summary>
    /// <param name="services">The services.</param>
    /// <param name="limits">The limits; null: the defaults. Give the same to <see cref="KestrelSetup.Apply"/>.</param>
    public static IServiceCollection AddDymesHttp(this IServiceCollection services, HttpLimits? limits = null)
    {
        limits ??= new HttpLimits();
        limits.Validate();
        services.AddRouting();
        services.TryAddSingleton(limits);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<HttpMetrics>();
        services.TryAddSingleton<LameDuck>();
        services.AddSingleton<IConnectionListenerFactory, LeavingSockets>();

        // Requests begin on the thread that read them, not after another turn of the pool: an append leaves it at once, and a query that reads from a cold disk holds up one
        // thread of the pool either way.
        services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        return services;
    }

    /// <summary>Maps all paths of the API, and an answer for all others.</summary>
    public static IEndpointRouteBuilder MapDymes(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var metrics = services.GetRequiredService<HttpMetrics>();
        var log = services.GetRequiredService<IMessageLog>();
        var routes = Routes.Build(
            log,
            services.GetRequiredService<IMessageCursors>(),
            services.GetService<IClusterStatus>() ?? new LoneNode(log),
            services.GetRequiredService<HttpLimits>(),
            metrics,
            services.GetRequiredService<TimeProvider>(),
            services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? default);
        metrics.Show(routes);
        var gate = new Gate(metrics, services.GetRequiredService<LameDuck>(), services.GetRequiredService<ILoggerFactory>().CreateLogger("Dymes.Http"));
        foreach (var route in routes)
        {
            endpoints.Map(route.Pattern, gate.Guard(route)).WithDisplayName(route.Pattern);
        }

        OpenApiEndpoint.MapPage(endpoints);
        endpoints.MapFallback("/{**path}", gate.Guard(new Route("(unknown)")));
        return endpoints;
    }
}
