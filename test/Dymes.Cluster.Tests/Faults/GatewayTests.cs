using System.Net;
using Dymes.Client;
using Dymes.Cluster.Tests.Node;
using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Faults;

/// <summary>A gateway in a process of its own before a cluster that loses silos.</summary>
[Collection(SharedCluster.Collection)]
public sealed class GatewayTests(SharedCluster shared)
{
    [Fact]
    public async Task A_gateway_finds_the_silos_by_their_file_and_survives_the_loss_of_any()
    {
        var cluster = await shared.WholeAsync();
        await using var gateway = await NodeProcess.StartGatewayAsync(cluster.GatewayOptions);
        using var client = new DymesClient(new DymesClientOptions { Addresses = [gateway.Http], RetryDuration = Deadline.OfWait });
        foreach (var lost in cluster.Nodes)
        {
            await lost.KillAsync();
            Assert.Equal(LogCondition.Ready, (await client.GetStatusAsync()).Condition);
            Assert.Equal(3, (await client.GetClusterAsync()).Replicas.Count);
            await cluster.UntilAgreedAsync(lost.Name, SiloState.Dead, cluster.Nodes.Where(node => node != lost).Select(node => node.Name));
            await cluster.StartAllAsync();
        }

        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task A_gateway_that_is_there_first_waits_for_a_silo_and_says_so()
    {
        var folder = Directory.CreateTempSubdirectory("dymes-gateway-");
        string[] members = ["--cluster.membership=file", $"--cluster.membershipFile={Path.Combine(folder.FullName, "members.json")}"];
        var starting = NodeProcess.StartGatewayAsync(members);
        var ports = NodePorts.Free();
        await using var silo = await NodeProcess.StartAsync(
            Path.Combine(folder.FullName, "a"), ports, [.. members, "--cluster.name=a", $"--cluster.replicas=a=127.0.0.1:{ports.Silo}/{ports.Gateway}"]);
        await using (var gateway = await starting)
        {
            using var http = new HttpClient();
            using var answer = await http.GetAsync(new Uri(gateway.Http, "/observe/health/ready"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("No storage node answers of those in ", gateway.Output, StringComparison.Ordinal);
        }

        await silo.StopAsync();
        folder.Delete(recursive: true);
    }
}
