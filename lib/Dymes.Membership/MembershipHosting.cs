using System.Security.Cryptography;
using Dymes.Common;
using Dymes.Membership.Files;
using Dymes.Membership.Joining;
using Dymes.Membership.Postgres;
using Dymes.Membership.Quorum;
using Dymes.Programs.Replicas;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;
using StackExchange.Redis;

namespace Dymes.Membership;

/// <summary>Lets silos find each other, and gateways find silos, at a <see cref="MembershipSource"/>.</summary>
public static class MembershipHosting
{
    /// <summary>Orleans' name for what the silos do together; all clusters of Dymes do the same.</summary>
    public const string ServiceId = "dymes";

    // A gateway hears of a new silo within this time; of a lost one it knows by the broken connection.
    private static readonly TimeSpan GatewayStaleness = TimeSpan.FromSeconds(5);

    /// <summary>Uses the membership of the source, and joins it only if all there are of the same group; <see cref="MembershipKind.Localhost"/> is for the caller to set up.</summary>
    /// <exception cref="DymesException">The source names no place.</exception>
    public static ISiloBuilder UseMembership(this ISiloBuilder silo, MembershipSource source, ReplicaGroup group)
    {
        source.Validate();
        silo.Configure<SiloOptions>(options => options.SiloName = group.Mark);
        silo.Services.AddSingleton(group);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => ActivatorUtilities.CreateInstance<DepartedSilos>(
            services, services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value));
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, GroupCheck>();
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Configure<ClusterOptions>(options => Identify(options, source));
        switch (source.Kind)
        {
            case MembershipKind.Quorum:
                UseQuorum(silo, source, group);
                break;
            case MembershipKind.File:
                silo.Services.AddSingleton<IMembershipTable>(services => new FileMembershipTable(
                    source.File, services.GetRequiredService<IOptions<ClusterOptions>>(), services.GetRequiredService<TimeProvider>()));
                break;
            case MembershipKind.Redis:
                var redis = ReadRedis(source);
                silo.UseRedisClustering(options => options.ConfigurationOptions = redis);
                break;
            case MembershipKind.Postgres:
                silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(new PostgresTables(source.Connection));
                silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (PostgresTables.Provider, source.Connection));
                break;
        }

        return silo;
    }

    /// <summary>Finds the silos of the source; <see cref="MembershipKind.Localhost"/> is for the caller to set up.</summary>
    /// <exception cref="DymesException">The source names no place.</exception>
    public static IClientBuilder UseMembership(this IClientBuilder client, MembershipSource source)
    {
        source.Validate();
        client.Services.TryAddSingleton(TimeProvider.System);
        client.Configure<ClusterOptions>(options => Identify(options, source));
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = GatewayStaleness);
        switch (source.Kind)
        {
            case MembershipKind.Quorum:
                client.Services.AddSingleton<IGatewayListProvider>(services => new QuorumGatewayListProvider(
                    [.. source.Replicas!.Seats.Select(seat => new RemoteAcceptor(seat, source.ClusterId, null, services.GetRequiredService<TimeProvider>()))],
                    services.GetRequiredService<IOptions<GatewayOptions>>()));
                break;
            case MembershipKind.File:
                client.Services.AddSingleton<IGatewayListProvider>(services => new FileGatewayListProvider(
                    source.File,
                    services.GetRequiredService<IOptions<ClusterOptions>>(),
                    services.GetRequiredService<IOptions<GatewayOptions>>(),
                    services.GetRequiredService<TimeProvider>()));
                break;
            case MembershipKind.Redis:
                var redis = ReadRedis(source);
                client.UseRedisClustering(options => options.ConfigurationOptions = redis);
                break;
            case MembershipKind.Postgres:
                client.Services.AddSingleton<ILifecycleParticipant<IClusterClientLifecycle>>(new PostgresTables(source.Connection));
                client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (PostgresTables.Provider, source.Connection));
                break;
        }

        return client;
    }

    private static void UseQuorum(ISiloBuilder silo, MembershipSource source, ReplicaGroup group)
    {
        silo.Services.AddSingleton(services => new QuorumMember(
            source.Replicas!,
            group,
            source.DataPath,
            services.GetRequiredService<TimeProvider>(),
            new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
            services.GetRequiredService<ILoggerFactory>()));
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<QuorumMember>());
        silo.Services.AddSingleton<IMembershipTable>(services => new QuorumMembershipTable(
            source.ClusterId,
            services.GetRequiredService<QuorumMember>().Register,
            services.GetRequiredService<IHostApplicationLifetime>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<QuorumMembershipTable>>()));
        silo.Services.AddOptions<SiloConnectionOptions>().Configure<QuorumMember>((options, member) =>
            options.ConfigureSiloInboundConnection(connections => connections.Use(pass => connection => member.Port.ServeAsync(connection, pass))));
    }

    private static void Identify(ClusterOptions options, MembershipSource source) => (options.ClusterId, options.ServiceId) = (source.ClusterId, ServiceId);

    private static ConfigurationOptions ReadRedis(MembershipSource source)
    {
        try
        {
            return ConfigurationOptions.Parse(source.Connection);
        }
        catch (ArgumentException error)
        {
            throw new DymesException(ErrorCode.ConfigurationInvalid, $"cluster.connection is no connection string of Redis: {error.Message} Write it as 'host:6379,password=...'.", error) { Field = "cluster.connection" };
        }
    }
}
