using Dymes.Gateway.Settings;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Abstractions.Log;
using Dymes.Hosting.Logging;
using Dymes.Hosting.Operating;
using Dymes.Http;
using Dymes.Membership;
using Dymes.Message.Log;
using Dymes.Programs.Replicas;
using Orleans.Configuration;

namespace Dymes.Gateway;

/// <summary>Puts a gateway together: an Orleans client, and the HTTP API over the dataset's grains. It listens once it is connected, so who reaches it finds it ready.</summary>
internal static class GatewayApplication
{
    public static WebApplication Build(GatewaySettings settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "dymes-gateway" });
        builder.Logging.UseDymes(settings.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Http.StopTimeout);
        builder.Services.AddDymesMetrics();
        var source = SourceOf(settings.Cluster);
        builder.Services.AddSingleton(settings.Cluster);
        builder.Services.AddSingleton(source);
        builder.UseOrleansClient(client =>
        {
            FindSilos(client, source, settings.Cluster);
            client.UseConnectionRetryFilter<GatewayConnection>();

            // A silo that is frozen keeps its connections, so only the others' word tells that it is gone.
            client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
            client.Configure<ClientMessagingOptions>(messaging => messaging.MaxMessageBodySize = GrainLimits.MessageBodyBytesMax);
        });
        AddFrontDoor(builder, settings);

        var app = builder.Build();
        app.UseDoors();
        app.UseRouting();
        app.MapDymesMetrics();
        app.MapDymes();
        return app;
    }

    private static MembershipSource SourceOf(ClusterSettings settings) => new(settings.Membership, settings.Id)
    {
        Replicas = settings.Replicas.Length == 0 ? null : ReplicaList.Parse(settings.Replicas),
        File = settings.MembershipFile,
        Connection = settings.Connection,
    };

    private static void FindSilos(IClientBuilder client, MembershipSource source, ClusterSettings settings)
    {
        if (source.Kind == MembershipKind.Localhost)
        {
            client.UseLocalhostClustering(settings.GatewayPort, serviceId: MembershipHosting.ServiceId, clusterId: settings.Id);
        }
        else
        {
            client.UseMembership(source);
        }
    }

    private static void AddFrontDoor(WebApplicationBuilder builder, GatewaySettings settings)
    {
        var limits = settings.Http.ToLimits();
        builder.Services.AddSingleton(services => new GrainMessageLog(services.GetRequiredService<IClusterClient>(), DatasetKeys.DefaultDataset));
        builder.Services.AddSingleton<IMessageLog>(services => services.GetRequiredService<GrainMessageLog>());
        builder.Services.AddSingleton<IMessageCursors>(
            services => new GrainMessageCursors(services.GetRequiredService<IClusterClient>(), DatasetKeys.DefaultDataset, services.GetRequiredService<GrainMessageLog>()));
        builder.Services.AddSingleton<IClusterStatus>(services => new GrainClusterStatus(services.GetRequiredService<IClusterClient>(), DatasetKeys.DefaultDataset));
        builder.Services.AddDymesHttp(limits);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            KestrelSetup.Apply(kestrel, limits);
            kestrel.ListenForOps(settings.Metrics);
            kestrel.ListenForClients(settings.Http.Host, settings.Http.Port);
        });
    }
}
