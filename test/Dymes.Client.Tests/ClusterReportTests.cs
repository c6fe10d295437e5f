using Dymes.Message.Log;

namespace Dymes.Client.Tests;

public sealed class ClusterReportTests : ClientBench
{
    [Fact]
    public async Task The_client_reads_what_the_node_tells_of_the_cluster()
    {
        var report = await Connect().GetClusterAsync();
        var replica = Assert.Single(report.Replicas);
        Assert.Equal(("dymes", SiloState.Alive, ReplicaState.Normal, 0UL), (report.Cluster, replica.Silo, replica.Progress!.Status, replica.Progress.NextLsn));
    }
}
