using Dymes.Benchmarks.Load;
using Dymes.Cluster.Tests.Faults;

namespace Dymes.Benchmarks.Cluster;

/// <summary>One message per request, each connection waiting for its answer: at the silo that leads, and at one that passes on.</summary>
internal static class ClusterPosts
{
    public const string Section = "Single POSTs to three silos";
    private static readonly int[] Connections = [1, 16, 64, 256];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20); // three processes compile what they run

    public static async Task RunAsync(BenchOptions options, Report report)
    {
        if (!Wrk.IsInstalled)
        {
            Console.Error.WriteLine($"wrk is not installed; single POSTs are not measured. On Debian: {Wrk.HowToInstall}");
            return;
        }

        await using var cluster = await SiloCluster.StartAsync(3);
        var primary = await cluster.PrimaryAsync();
        var backup = cluster.Nodes.First(node => node != primary);
        foreach (var node in new[] { primary, backup })
        {
            await Wrk.PostAsync(Messages(node), connections: 64, WarmUp);
        }

        foreach (var connections in Connections)
        {
            var figures = await Rounds.InTurnsAsync(
                options.Rounds,
                () => Wrk.PostAsync(Messages(primary), connections, options.Duration),
                () => Wrk.PostAsync(Messages(backup), connections, options.Duration));
            report.Add(Section, LoadResult.Sum($"the primary, {connections} clients", figures[0]));
            report.Add(Section, LoadResult.Sum($"a backup, {connections} clients", figures[1]));
        }

        report.Add(Section, new Measure("resident memory of each afterwards", "MB", [.. cluster.Nodes.Select(node => node.ResidentMegabytes())]));
    }

    internal static Uri Messages(SiloNode node) => new(node.Http, "/api/v1/messages");

    internal static double ResidentMegabytes(this SiloNode node)
    {
        using var process = System.Diagnostics.Process.GetProcessById(node.Process.Id);
        return process.WorkingSet64 / 1e6;
    }
}
