using System.Diagnostics.Metrics;
using Dymes.Hosting.Metering;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace Dymes.Hosting.Operating;

/// <summary>The metrics of a server in Prometheus' text form: Dymes' own, Orleans', the runtime's and the process'.</summary>
public static class MetricsEndpoint
{
    private static readonly string[] ForeignMeters = ["Microsoft.Orleans", "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>Begins to listen to meters; do it before anything is measured.</summary>
    public static IServiceCollection AddDymesMetrics(this IServiceCollection services)
    {
        var registry = Metrics.NewCustomRegistry();
        services.AddSingleton(registry);
        services.AddSingleton(new MeterBridge(registry));
        DotNetStats.Register(registry);
        services.AddSingleton(MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = registry,
            MetricFactory = Metrics.WithCustomRegistry(registry),
            InstrumentFilterPredicate = IsForeign,
        }));
        return services;
    }

    /// <summary>Maps the metrics to their two paths.</summary>
    public static void MapDymesMetrics(this IEndpointRouteBuilder endpoints)
    {
        var registry = endpoints.ServiceProvider.GetRequiredService<CollectorRegistry>();
        endpoints.MapMetrics("/observe/metrics", registry);
        endpoints.MapMetrics("/metrics", registry);
    }

    private static bool IsForeign(Instrument instrument) => Array.IndexOf(ForeignMeters, instrument.Meter.Name) >= 0;
}
