using Dymes.Benchmarks.Load;
using Dymes.Cluster.Tests.Node;

namespace Dymes.Benchmarks.Node;

/// <summary>One message per request, each connection waiting for its answer, against an empty server that reads the same requests.</summary>
internal static class SinglePosts
{
    public const string Section = "Single POSTs over HTTP";
    private static readonly int[] Connections = [1, 16, 64, 256];

    public static async Task RunAsync(BenchOptions options, Report report)
    {
        if (!Wrk.IsInstalled)
        {
            Console.Error.WriteLine($"wrk is not installed; single POSTs are not measured. On Debian: {Wrk.HowToInstall}");
            return;
        }

        await using var node = await BenchNode.StartAsync(options.Directory);
        await using var floor = await HttpFloorProcess.StartAsync(NodePorts.Free().Http);
        foreach (var address in new[] { node.Messages, floor.Address })
        {
            await Wrk.PostAsync(address, connections: 64, options.Duration);
        }

        foreach (var connections in Connections)
        {
            var figures = await Rounds.InTurnsAsync(
                options.Rounds,
                () => Wrk.PostAsync(node.Messages, connections, options.Duration),
                () => Wrk.PostAsync(floor.Address, connections, options.Duration));
            report.Add(Section, LoadResult.Sum($"Dymes, {connections} clients", figures[0]));
            report.Add(Section, LoadResult.Sum($"empty Kestrel endpoint, {connections} clients", figures[1]));
        }

        report.Add(Section, new Measure("resident memory afterwards", "MB", [node.ResidentMegabytes]));
    }
}
