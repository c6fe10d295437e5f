using Dymes.Grains.Cursors;
using Dymes.Grains.Hosting;
using Dymes.Grains.Replicas;
using Dymes.Membership;
using Dymes.Membership.Status;
using Dymes.Message.Log;
using Dymes.MessageStore.Files;
using Dymes.Programs.Replicas;
using Dymes.Silo.Clustering;
using Dymes.Silo.Settings;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace Dymes.Silo;

/// <summary>The Orleans side of a node: its silo among the others, with the grains of its datasets.</summary>
internal static class NodeSilo
{
    public static void Configure(ISiloBuilder silo, SiloSettings settings, NodeSeat seat, NodeLog log)
    {
        JoinCluster(silo, settings, seat);
        Host(silo, settings, seat, log);
    }

    /// <summary>What a silo of Dymes has, however it finds the others.</summary>
    public static void Host(ISiloBuilder silo, SiloSettings settings, NodeSeat seat, NodeLog log)
    {
        if (log is { Replica: { } replica, Transport: { } transport })
        {
            silo.Services.AddHostedService(all => new NodeReplica(replica, transport, all.GetRequiredService<ReplicaRegistry>(), seat.Group, all));
        }

        silo.Services.AddSingleton(log.ProgressIn(seat.Group));
        silo.Services.AddSingleton<IClusterStatus>(services => new MembershipStatus(
            services.GetRequiredService<IClusterMembershipService>(),
            services.GetRequiredService<ILocalSiloDetails>(),
            seat.Group,
            seat.Replicas,
            services.GetRequiredService<IReplicaProgress>()));
        var cursors = new CursorOptions
        {
            DataPath = settings.Store.DataPath,
            IdleTime = settings.Cursors.IdleTime,
            OpenMax = settings.Cursors.OpenMax,
            Keepers = seat.Group.Count,
            KeeperOf = name => seat.Group.Count == 1 ? 0 : ReplicaGroup.OfMark(seat.Group.ClusterId, name)?.Number ?? -1,
        };
        silo.AddDymes(cursors, OsFileSystem.Instance, log.Dataset);
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
            membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(1);
            membership.NumMissedProbesLimit = 3;
            membership.NumVotesForDeathDeclaration = 2;
            membership.MaxJoinAttemptTime = TimeSpan.FromMinutes(1);

            // A silo that a service manager starts again and again leaves a row each time, and the whole table is written at every sign of life.
            membership.DefunctSiloMinimumRetention = TimeSpan.FromMinutes(5);
        });
    }

    private static void JoinCluster(ISiloBuilder silo, SiloSettings settings, NodeSeat seat)
    {
        var cluster = settings.Cluster;
        var source = new MembershipSource(cluster.Membership, cluster.Id)
        {
            Replicas = seat.Replicas,
            DataPath = settings.Store.DataPath,
            File = cluster.MembershipFile,
            Connection = cluster.Connection,
        };
        if (source.Kind == MembershipKind.Localhost)
        {
            silo.Configure<SiloOptions>(options => options.SiloName = seat.Group.Mark);
            silo.UseLocalhostClustering(seat.SiloListener.Port, seat.GatewayListener.Port, serviceId: MembershipHosting.ServiceId, clusterId: cluster.Id);
        }
        else
        {
            silo.UseMembership(source, seat.Group);
            silo.Configure<EndpointOptions>(endpoints =>
            {
                (endpoints.AdvertisedIPAddress, endpoints.SiloPort, endpoints.GatewayPort) = (seat.Advertised.Address, seat.Advertised.Port, seat.AdvertisedGatewayPort);
                (endpoints.SiloListeningEndpoint, endpoints.GatewayListeningEndpoint) = (seat.SiloListener, seat.GatewayListener);
            });
        }
    }
}
