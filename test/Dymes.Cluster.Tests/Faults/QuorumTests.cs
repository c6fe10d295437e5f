using System.Net.Sockets;
using System.Text;
using Dymes.Client;
using Dymes.Cluster.Tests.Node;
using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Faults;

/// <summary>Silos that keep the membership table themselves: by their list they find each other, where one is lost, where there are too few, and among strangers.</summary>
[Collection(SharedCluster.Collection)]
public sealed class QuorumTests(QuorumCluster shared) : IClassFixture<QuorumCluster>
{
    [Fact]
    public async Task A_gateway_finds_the_silos_by_their_list_and_any_of_them_may_be_lost()
    {
        var cluster = await shared.WholeAsync();
        await using var gateway = await NodeProcess.StartGatewayAsync(cluster.GatewayOptions);
        using var client = new DymesClient(new DymesClientOptions { Addresses = [gateway.Http], RetryDuration = Deadline.OfWait });
        foreach (var lost in cluster.Nodes)
        {
            await lost.KillAsync();
            await cluster.UntilAgreedAsync(lost.Name, SiloState.Dead, cluster.Nodes.Where(node => node != lost).Select(node => node.Name));
            Assert.Equal("cluster", (await client.GetClusterAsync()).Mode);
            await lost.StartAsync();
            await cluster.UntilAgreedAsync(lost.Name, SiloState.Alive, "a", "b", "c");
        }
    }

    [Fact]
    public async Task A_silo_that_was_cut_off_learns_of_its_death_when_it_sees_the_table_again()
    {
        var cluster = await shared.WholeAsync();
        cluster.Isolate("c");
        await cluster.UntilAgreedAsync("c", SiloState.Dead, "a", "b");
        cluster.Heal();
        Assert.NotEqual(0, await cluster["c"].Process.WaitForExitAsync());
        await cluster["c"].StartAsync();
        await cluster.UntilAgreedAsync("c", SiloState.Alive, "a", "b", "c");
    }

    [Fact]
    public async Task A_silo_whose_data_was_wiped_finds_its_part_of_the_table_again()
    {
        var cluster = await shared.WholeAsync();
        await cluster["b"].KillAsync();
        cluster["b"].Wipe();
        await cluster["b"].StartAsync();
        await cluster.UntilAgreedAsync("b", SiloState.Alive, "a", "b", "c");
        await cluster["a"].KillAsync();
        await cluster.UntilAgreedAsync("a", SiloState.Dead, "b", "c");
    }

    [Fact]
    public async Task A_silo_that_finds_no_majority_waits_and_says_for_whom()
    {
        var cluster = await shared.WholeAsync();
        await cluster.KillAllAsync();
        await cluster["a"].LaunchAsync();
        await SaidAsync(cluster["a"], "Waiting for a majority of the 3 replicas", "b at 127.0.0.1:", "c at 127.0.0.1:");

        await cluster["b"].StartAsync();
        await cluster.UntilAgreedAsync("c", SiloState.Dead, "a", "b");
    }

    [Fact]
    public async Task A_silo_that_waits_for_a_majority_stops_when_it_is_asked_to()
    {
        var cluster = await shared.WholeAsync();
        await cluster.KillAllAsync();
        await cluster["a"].LaunchAsync();
        await SaidAsync(cluster["a"], "Waiting for a majority of the 3 replicas");
        await cluster["a"].StopAsync().WaitAsync(Deadline.OfWait);
    }

    [Fact]
    public async Task Silos_that_stop_together_do_not_wait_for_each_other()
    {
        var cluster = await shared.WholeAsync();
        var codes = await Task.WhenAll(cluster.Nodes.Select(node => node.StopAsync())).WaitAsync(Deadline.OfWait);
        Assert.Equal([0, 0, 0], codes);
    }

    [Fact]
    public async Task Whoever_says_something_else_at_the_silos_port_harms_nobody()
    {
        var cluster = await shared.WholeAsync();
        foreach (var said in new[] { "DYMR and something else that is no question at all", "GET / HTTP/1.1\r\n\r\n", "DY" })
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync("127.0.0.1", cluster["b"].Ports.Silo);
            await socket.SendAsync(Encoding.ASCII.GetBytes(said));
            await socket.ReceiveAsync(new byte[1]).WaitAsync(Deadline.OfWait).ContinueWith(_ => { }, TaskContinuationOptions.ExecuteSynchronously);
        }

        await cluster["c"].KillAsync();
        await cluster["c"].StartAsync();
        await cluster.UntilAgreedAsync("c", SiloState.Alive, "a", "b", "c");
    }

    private static async Task SaidAsync(SiloNode node, params string[] words)
    {
        using var deadline = new CancellationTokenSource(Deadline.OfWait);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!words.All(word => node.Process.Output.Contains(word, StringComparison.Ordinal)))
        {
            Assert.True(await timer.WaitForNextTickAsync(deadline.Token));
        }
    }
}
