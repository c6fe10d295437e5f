using System.Net;
using Dymes.Membership.Files;
using Dymes.Membership.Joining;
using Dymes.Membership.Tests.Tables;
using Dymes.Programs.Replicas;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Dymes.Membership.Tests.Joining;

/// <summary>A silo that is about to join a cluster, its table, and its clock, which passes over what the silo waits for.</summary>
internal sealed class JoiningSilo : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-joining-");

    public JoiningSilo() => Table = new FileMembershipTable(
        Path.Combine(_directory.FullName, "members.json"), Options.Create(new ClusterOptions { ClusterId = Group.ClusterId }), TimeProvider.System);

    public ReplicaGroup Group { get; } = new("test", 2, "a", "a,b,c");

    public SkippingClock Clock { get; } = new();

    public IMembershipTable Table { get; }

    public ILocalSiloDetails Self { get; } = new LocalSilo();

    public Task BuryAsync() => new DepartedSilos(Table, Self, new ClusterMembershipOptions(), Clock, NullLogger<DepartedSilos>.Instance).BuryAsync(default);

    public Task CompareAsync() => new GroupCheck(Table, Self, Group, Clock).CompareAsync(default);

    public void Dispose() => _directory.Delete(recursive: true);

    private sealed class LocalSilo : ILocalSiloDetails
    {
        public string Name => "a@2:a,b,c";

        public string ClusterId => "test";

        public string DnsHostName => "machine";

        public SiloAddress SiloAddress { get; } = Silos.Address(1000);

        public SiloAddress GatewayAddress { get; } = SiloAddress.New(IPAddress.Loopback, 2000, 1);
    }
}
