namespace Dymes.Cluster.Tests.Faults;

/// <summary>What an operator does to a cluster that is in use, and its clients do not notice.</summary>
[Collection(SharedCluster.Collection)]
public sealed class RollingRestartTests(SharedCluster shared, ITestOutputHelper output)
{
    [Fact]
    public async Task Silos_that_are_restarted_one_after_the_other_fail_no_request_of_the_others_doors()
    {
        var cluster = await shared.BlankAsync();
        await using var load = new SteadyLoad(cluster, 6);
        foreach (var restarted in cluster.Nodes)
        {
            await load.GoOnAsync(200);
            await load.UseAsync(cluster.Nodes.Where(node => node != restarted));
            Assert.Equal(0, await restarted.StopAsync());
            await load.GoOnAsync(200);
            await restarted.StartAsync();
            await cluster.UntilWholeAsync();
            await load.UseAsync(cluster.Nodes);
        }

        await load.GoOnAsync(200);
        output.WriteLine(FormattableString.Invariant($"{load.Acknowledged} appends acknowledged, none failed; longest silence {load.LongestSilence.TotalSeconds:0.00} s"));
        Assert.Empty(load.Troubles);
        await load.CheckAsync();
    }
}
