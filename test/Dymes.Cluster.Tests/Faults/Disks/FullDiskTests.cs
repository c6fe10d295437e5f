using Dymes.Cluster.Tests.Faults.History;
using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Faults.Disks;

/// <summary>Disks without room, one at a time and all at once.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const long DiskBytes = 96 << 20;
    private const long ReserveBytes = 16 << 20;
    private const string Reserve = "--store.reserveBytes=16777216";

    [Fact]
    public async Task Appends_go_on_while_one_disk_is_full_and_are_refused_as_such_while_all_are()
    {
        Assert.SkipWhen(SmallDisk.Missing is not null, SmallDisk.Missing ?? "");
        await using var cluster = await SiloCluster.StartAsync(3, diskBytes: DiskBytes, options: [Reserve, "--store.segmentBytesMax=1048576"]);
        await cluster.UntilWholeAsync();
        using var calls = new DoorCalls();
        await using var load = new SteadyLoad(cluster, 4);
        await load.GoOnAsync(100);

        var primary = await cluster.PrimaryAsync();
        var backup = cluster.Nodes.First(node => node != primary);
        await load.UseAsync(cluster.Nodes.Where(node => node != backup)); // it cannot show what it has no room for
        await FillAsync(cluster, backup);
        await load.GoOnAsync(300);
        Assert.Empty(load.Troubles);
        var through = await calls.AppendAsync(backup.Door, "through-full");
        Assert.Equal(AttemptOutcome.Acknowledged, through.Outcome);
        load.History.Add(through);
        Tell("full backup", load);
        Assert.Contains("replica_disk_full 1", await MetricsAsync(backup), StringComparison.Ordinal);
        Empty(backup);
        await cluster.UntilWholeAsync();
        await load.UseAsync(cluster.Nodes.Where(node => node != primary));

        await FillAsync(cluster, primary);
        await cluster.UntilAsync(backup, report => report.Primary is { } number && cluster.Nodes[number] != primary, "another one leads");
        await load.GoOnAsync(300);
        Tell("full primary", load);
        Empty(primary);
        await cluster.UntilWholeAsync();
        await load.CheckAsync();

        foreach (var node in cluster.Nodes)
        {
            await FillAsync(cluster, node);
        }

        foreach (var node in cluster.Nodes)
        {
            var refused = await calls.AppendAsync(node.Door, $"refused-{node.Name}");
            output.WriteLine(FormattableString.Invariant($"all full: {refused.Outcome} after {TimeProvider.System.GetElapsedTime(refused.SentAt, refused.EndedAt).TotalSeconds:0.00} s: {refused.Trouble}"));
            Assert.Equal(AttemptOutcome.Refused, refused.Outcome);
            Assert.Contains("disk-full", refused.Trouble, StringComparison.Ordinal);
        }

        foreach (var node in cluster.Nodes)
        {
            Empty(node);
        }

        await cluster.UntilWholeAsync();
        Assert.Equal(AttemptOutcome.Acknowledged, (await calls.AppendAsync(primary.Door, "room-again")).Outcome);
    }

    private static async Task FillAsync(SiloCluster cluster, SiloNode node)
    {
        SmallDisk.Fill(node.Process.Id, node.DataPath, ReserveBytes / 2);
        await cluster.UntilAsync(node, report => report.Replicas[cluster.NumberOf(node)].Progress?.Disk == LogCondition.DiskFull, $"the disk of {node.Name} is full");
    }

    private static void Empty(SiloNode node) => SmallDisk.Empty(node.Process.Id, node.DataPath);

    private static async Task<string> MetricsAsync(SiloNode node)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(node.Process.Ops, "metrics"));
    }

    private void Tell(string what, SteadyLoad load) =>
        output.WriteLine(FormattableString.Invariant($"{what}: {load.Acknowledged} acknowledged, {load.Troubles.Count} not, longest silence {load.LongestSilence.TotalSeconds:0.00} s {load.Troubles.FirstOrDefault()}"));
}
