using Dymes.Benchmarks.Load;
using Dymes.Cluster.Tests.Faults;

namespace Dymes.Benchmarks.Cluster;

/// <summary>Many messages per request, at the silo that leads and at one that passes on.</summary>
internal static class ClusterBatches
{
    public const string Section = "Batches to three silos";
    private const int MessagesPerRequest = 8192;
    private const int Channels = 1000;
    private static readonly int[] Connections = [1, 4];

    public static async Task RunAsync(BenchOptions options, Report report)
    {
        await using var cluster = await SiloCluster.StartAsync(3);
        var primary = await cluster.PrimaryAsync();
        var backup = cluster.Nodes.First(node => node != primary);
        foreach (var load in new[] { BatchLoad.Lines(MessagesPerRequest, Channels), BatchLoad.Frames(MessagesPerRequest, Channels) })
        {
            await load.RunAsync(primary.Http, connections: 1, options.Duration * 2);
            await load.RunAsync(backup.Http, connections: 1, options.Duration);
            foreach (var connections in Connections)
            {
                var figures = await Rounds.InTurnsAsync(
                    options.Rounds, () => load.RunAsync(primary.Http, connections, options.Duration), () => load.RunAsync(backup.Http, connections, options.Duration));
                report.Add(Section, new Measure($"{load.ContentType}, the primary, {connections} connections", "messages/s", figures[0]));
                report.Add(Section, new Measure($"{load.ContentType}, a backup, {connections} connections", "messages/s", figures[1]));
            }
        }

        report.Add(Section, new Measure("resident memory of each afterwards", "MB", [.. cluster.Nodes.Select(node => node.ResidentMegabytes())]));
    }
}
