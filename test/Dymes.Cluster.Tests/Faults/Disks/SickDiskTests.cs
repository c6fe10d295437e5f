using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Faults.Disks;

/// <summary>Disks that answer late, or not as they should.</summary>
[Collection(SharedCluster.Collection)]
public sealed class SickDiskTests(SharedCluster shared, ITestOutputHelper output)
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_primary_whose_disk_stalls_steps_down_and_its_clients_wait_seconds_at_most()
    {
        Assert.SkipWhen(SickDisk.Missing is not null, SickDisk.Missing ?? "");
        var cluster = await shared.BlankAsync();
        var primary = await cluster.PrimaryAsync();
        var others = cluster.Nodes.Where(node => node != primary).ToArray();
        await using var load = new SteadyLoad(cluster, 4, others);
        await load.GoOnAsync(100);
        await using (await SickDisk.StallAsync(primary.Process.Id, Stall))
        {
            await cluster.UntilAsync(others[0], report => report.Primary is { } number && cluster.Nodes[number] != primary, "another one leads");
            await load.GoOnAsync(100);
        }

        Tell("stalled primary", load);
        Assert.True(load.LongestSilence < TimeSpan.FromSeconds(15), $"Nobody was answered for {load.LongestSilence}.");
        await load.CheckAsync();
    }

    [Fact]
    public async Task A_backup_whose_disk_stalls_is_not_missed()
    {
        Assert.SkipWhen(SickDisk.Missing is not null, SickDisk.Missing ?? "");
        var cluster = await shared.BlankAsync();
        var primary = await cluster.PrimaryAsync();
        var backup = cluster.Nodes.First(node => node != primary);
        await using var load = new SteadyLoad(cluster, 4, [.. cluster.Nodes.Where(node => node != backup)]);
        await load.GoOnAsync(100);
        await using (await SickDisk.StallAsync(backup.Process.Id, Stall))
        {
            await load.GoOnAsync(500);
        }

        Tell("stalled backup", load);
        Assert.Empty(load.Troubles);
        await load.CheckAsync();
    }

    [Fact]
    public async Task A_primary_whose_disk_fails_leaves_the_group_and_says_why_and_nothing_is_lost()
    {
        Assert.SkipWhen(SickDisk.Missing is not null, SickDisk.Missing ?? "");
        var cluster = await shared.BlankAsync();
        var primary = await cluster.PrimaryAsync();
        var others = cluster.Nodes.Where(node => node != primary).ToArray();
        await using var load = new SteadyLoad(cluster, 4, others);
        await load.GoOnAsync(100);
        await using (await SickDisk.BreakAsync(primary.Process.Id))
        {
            await load.GoOnAsync(100);
            await cluster.UntilAsync(others[0], report => report.Replicas[cluster.NumberOf(primary)].Progress is { Status: ReplicaState.Stopped, Disk: LogCondition.Failed }, "the failed one says so");
        }

        Tell("failed primary", load);
        Assert.Contains("Input/output error", primary.Process.Output, StringComparison.Ordinal);
        await primary.KillAsync();
        await load.CheckAsync();
    }

    private void Tell(string what, SteadyLoad load) =>
        output.WriteLine(FormattableString.Invariant($"{what}: {load.Acknowledged} acknowledged, {load.Troubles.Count} not, longest silence {load.LongestSilence.TotalSeconds:0.00} s {load.Troubles.FirstOrDefault()}"));
}
