using System.Collections.Immutable;
using Dymes.Membership.Status;
using Dymes.Membership.Tests.Joining;
using Dymes.Membership.Tests.Tables;
using Dymes.Message.Log;
using Dymes.Programs.Replicas;
using Dymes.Testing.Model;

namespace Dymes.Membership.Tests.Status;

public sealed class MembershipStatusTests : IDisposable
{
    private static readonly ReplicaList Replicas = ReplicaList.Parse(["a=127.0.0.1:1001/2001/http://127.0.0.1:3001", "b=127.0.0.1:1002/2002", "c=127.0.0.1:1003/2003"]);
    private readonly JoiningSilo _silo = new();

    public void Dispose() => _silo.Dispose();

    [Fact]
    public async Task Each_replica_is_what_its_newest_silo_is()
    {
        var report = await ReportAsync(
            ("b@2:a,b,c", SiloStatus.Dead), ("a@2:a,b,c", SiloStatus.Active), ("b@2:a,b,c", SiloStatus.Dead), ("b@2:a,b,c", SiloStatus.Joining), ("Silo_1", SiloStatus.Active));
        Assert.Equal(("test", 2, "cluster"), (report.Cluster, report.Epoch, report.Mode));
        Assert.Equal([SiloState.Alive, SiloState.Joining, SiloState.Unknown], report.Replicas.Select(replica => replica.Silo));
        Assert.Equal([(0, "a"), (1, "b"), (2, "c")], report.Replicas.Select(replica => (replica.Replica, replica.Name)));
    }

    [Fact]
    public async Task Addresses_are_those_of_the_list()
    {
        var report = await ReportAsync();
        Assert.Equal(["127.0.0.1:1001", "127.0.0.1:1002", "127.0.0.1:1003"], report.Replicas.Select(replica => replica.Address));
        Assert.Equal(["http://127.0.0.1:3001", null, null], report.Replicas.Select(replica => replica.Http));
    }

    [Fact]
    public async Task A_replica_that_nobody_knows_of_has_no_progress()
    {
        var report = await ReportAsync();
        Assert.Equal([true, false, false], report.Replicas.Select(replica => replica.Progress is not null));
    }

    private async Task<ClusterReport> ReportAsync(params (string Name, SiloStatus Status)[] silos)
    {
        var members = silos.Select(silo => new ClusterMember(Silos.Address(), silo.Status, silo.Name)).ToImmutableDictionary(member => member.SiloAddress);
        var status = new MembershipStatus(
            new Agreement(new ClusterMembershipSnapshot(members, new MembershipVersion(1))), _silo.Self, _silo.Group, Replicas, new LoneNode(new InMemoryMessageLog(), _silo.Group.Number));
        return await status.GetClusterAsync();
    }

    private sealed class Agreement(ClusterMembershipSnapshot snapshot) : IClusterMembershipService
    {
        public ClusterMembershipSnapshot CurrentSnapshot => snapshot;

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public Task<bool> TryKill(SiloAddress siloAddress) => Task.FromResult(false);
    }
}
