using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Node;

/// <summary>Starting a node over much data, and what it holds in memory.</summary>
internal static class Opening
{
    public const string Section = "Opening";
    private const long ManyMessages = 10_000_000;
    private const int Channels = 100_000;

    public static async Task RunAsync(BenchOptions options, Report report)
    {
        await using var node = await BenchNode.StartAsync(options.Directory);
        await MeasureAsync(options, report, node, "an empty node");
        if (!options.IsLong)
        {
            return;
        }

        await BatchLoad.Frames(Channels, Channels).FillAsync(node.Address, ManyMessages);
        report.Add(Section, new Measure($"resident memory after appending {ManyMessages:N0} messages", "MB", [node.ResidentMegabytes]));
        await MeasureAsync(options, report, node, $"a node with {ManyMessages:N0} messages in {Channels:N0} channels");
        report.Add(Section, new Measure("resident memory after opening it", "MB", [node.ResidentMegabytes]));
    }

    private static async Task MeasureAsync(BenchOptions options, Report report, BenchNode node, string name)
    {
        var figures = await Rounds.InTurnsAsync(options.Rounds, node.RestartAsync);
        report.Add(Section, new Measure($"{name}, from the process's start until it says ready", "s", figures[0]));
    }
}
