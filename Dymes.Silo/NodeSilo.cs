using Dymes.Engine;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Cursors;
using Dymes.Grains.Hosting;
using Dymes.MessageStore.Files;
using Dymes.Silo.Settings;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace Dymes.Silo;

/// <summary>The Orleans side of a node: one silo on 127.0.0.1, with the grains of its datasets.</summary>
internal static class NodeSilo
{
    private const string ClusterName = "dymes";

    public static void Configure(ISiloBuilder silo, SiloSettings settings, DymesEngine engine)
    {
        silo.UseLocalhostClustering(settings.Cluster.SiloPort, settings.Cluster.GatewayPort, serviceId: ClusterName, clusterId: ClusterName);
        var cursors = new CursorOptions { DataPath = settings.Store.DataPath, IdleTime = settings.Cursors.IdleTime, OpenMax = settings.Cursors.OpenMax };
        silo.AddDymes(cursors, OsFileSystem.Instance, new HostedDataset(DatasetKeys.DefaultDataset, engine, engine));
        silo.AddDashboard(dashboard => dashboard.HideTrace = true);

        // Orleans' defaults are for large clusters on slow networks; see architecture.md, "Orleans, as measured".
        silo.Configure<ConnectionOptions>(connections =>
        {
            connections.ConnectionRetryDelay = TimeSpan.FromMilliseconds(200);
            connections.OpenConnectionTimeout = TimeSpan.FromSeconds(1);
            connections.ConnectionsPerEndpoint = 4;
        });
        silo.Configure<SiloMessagingOptions>(messaging => messaging.SystemResponseTimeout = TimeSpan.FromSeconds(5));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromSeconds(1);
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            membership.NumMissedProbesLimit = 3;
            membership.NumVotesForDeathDeclaration = 2;
        });
    }
}
