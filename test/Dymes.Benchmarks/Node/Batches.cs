using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Node;

/// <summary>Many messages per request.</summary>
internal static class Batches
{
    public const string Section = "Batches over HTTP";
    private const int MessagesPerRequest = 8192;
    private const int Channels = 1000;
    private static readonly int[] Connections = [1, 4];

    public static async Task RunAsync(BenchOptions options, Report report)
    {
        await using var node = await BenchNode.StartAsync(options.Directory);
        foreach (var load in new[] { BatchLoad.Lines(MessagesPerRequest, Channels), BatchLoad.Frames(MessagesPerRequest, Channels) })
        {
            await load.RunAsync(node.Address, connections: 1, options.Duration);
            foreach (var connections in Connections)
            {
                var figures = await Rounds.InTurnsAsync(options.Rounds, () => load.RunAsync(node.Address, connections, options.Duration));
                report.Add(Section, new Measure($"{load.ContentType}, {connections} connections", "messages/s", figures[0]));
            }
        }

        report.Add(Section, new Measure("resident memory afterwards", "MB", [node.ResidentMegabytes]));
    }
}
