using Dymes.Grains.Abstractions;
using Dymes.Grains.Abstractions.Log;
using Dymes.Hosting.Logging;
using Dymes.Hosting.Operating;
using Dymes.Http;
using Dymes.Message.Log;
using Dymes.Silo.Clustering;
using Dymes.Silo.Settings;

namespace Dymes.Silo;

/// <summary>Puts a node together: the log's grains in a silo, the HTTP API before the log itself, and the operators' door.</summary>
internal static class NodeApplication
{
    public static WebApplication Build(SiloSettings settings, NodeSeat seat, NodeLog log)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "dymes-silo" });
        builder.Logging.UseDymes(settings.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Http.StopTimeout);
        builder.Services.AddDymesMetrics();
        builder.UseOrleans(silo => NodeSilo.Configure(silo, settings, seat, log));
        AddFrontDoor(builder, settings, log);

        var app = builder.Build();
        app.UseDoors();
        app.UseRouting();
        app.MapDymesMetrics();
        app.MapLateDashboard("/dashboard");
        app.MapDymes();
        return app;
    }

    // The API asks the log itself: a grain call more would cost each request more than its work. Cursors have a place to keep, so they are grains.
    private static void AddFrontDoor(WebApplicationBuilder builder, SiloSettings settings, NodeLog log)
    {
        var limits = settings.Http.ToLimits();
        builder.Services.AddSingleton(log.Log);
        builder.Services.AddSingleton<IMessageCursors>(services => new GrainMessageCursors(services.GetRequiredService<IGrainFactory>(), DatasetKeys.DefaultDataset, log.Replica));
        builder.Services.AddDymesHttp(limits);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            KestrelSetup.Apply(kestrel, limits);
            kestrel.ListenForOps(settings.Metrics);
            if (settings.Http.Enabled)
            {
                kestrel.ListenForClients(settings.Http.Host, settings.Http.Port);
            }
        });
    }
}
