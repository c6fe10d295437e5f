using Dymes.Cluster.Tests.Node;

namespace Dymes.Benchmarks.Node;

/// <summary>One message per request, each connection waiting for its answer, against an empty server that reads the same requests.</summary>
internal static class SinglePosts
{
    public const string Section = "Single POSTs over HTTP";
    private static readonly int[] Connections = [1, 16, 64, 256];

    public static async Task RunAsync(NodeBenchOptions options, Report report)
    {
        if (!Wrk.IsInstalled)
        {
            Console.Error.WriteLine("wrk is not installed; single POSTs are not measured. On Debian: apt-get install wrk");
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
            Add(report, $"Dymes, {connections} clients", figures[0]);
            Add(report, $"empty Kestrel endpoint, {connections} clients", figures[1]);
        }

        report.Add(Section, new Measure("resident memory afterwards", "MB", [node.ResidentMegabytes]));
    }

    private static void Add(Report report, string name, List<WrkResult> results)
    {
        var middle = results.OrderBy(result => result.PerSecond).ElementAt(results.Count / 2);
        var errors = results.Sum(result => result.Errors);
        var note = $"p50 {Measure.Text(middle.P50)} ms, p99 {Measure.Text(middle.P99)} ms{(errors > 0 ? $", {errors} errors" : "")}";
        report.Add(Section, new Measure(name, "messages/s", [.. results.Select(result => result.PerSecond)], note));
    }
}
