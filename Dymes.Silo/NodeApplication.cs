using Dymes.Engine;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Abstractions.Log;
using Dymes.Hosting.Logging;
using Dymes.Hosting.Operating;
using Dymes.Http;
using Dymes.Message.Log;
using Dymes.Silo.Clustering;
using Dymes.Silo.Settings;
using Orleans.Dashboard;

namespace Dymes.Silo;

/// <summary>Puts a node together: the engine's grains in a silo, the HTTP API before the engine itself, and the operators' door.</summary>
internal static class NodeApplication
{
    public static WebApplication Build(SiloSettings settings, NodeSeat seat, DymesEngine engine)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "dymes-silo" });
        builder.Logging.UseDymes(settings.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Http.StopTimeout);
        builder.Services.AddDymesMetrics();
        builder.UseOrleans(silo => NodeSilo.Configure(silo, settings, seat, engine));
        AddFrontDoor(builder, settings, engine);

        var app = builder.Build();
        app.UseDoors();
        app.UseRouting();
        app.MapDymesMetrics();
        app.MapOrleansDashboard("/dashboard");
        app.MapDymes();
        return app;
    }

    // The API asks the engine itself: a grain call more would cost each request more than its work. Cursors have a place to keep, so they are grains.
    private static void AddFrontDoor(WebApplicationBuilder builder, SiloSettings settings, DymesEngine engine)
    {
        var limits = settings.Http.ToLimits();
        builder.Services.AddSingleton<IMessageLog>(engine);
        builder.Services.AddSingleton<IMessageCursors>(services => new GrainMessageCursors(services.GetRequiredService<IGrainFactory>(), DatasetKeys.DefaultDataset));
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
