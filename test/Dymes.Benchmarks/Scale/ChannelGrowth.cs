using Dymes.Benchmarks.Node;

namespace Dymes.Benchmarks.Scale;

/// <summary>As many messages as ever, in ever more channels.</summary>
internal static class ChannelGrowth
{
    private const long MessagesDefault = 1_000_000;
    private const int BodyBytes = 128;
    private static readonly int[] AllSizes = [1_000, 10_000, 100_000, 1_000_000];

    public static IReadOnlyList<int> Sizes(BenchOptions options) => [.. AllSizes.Where(size => size <= MessagesOf(options))];

    public static async Task RunAsync(ScaleRun run)
    {
        var messages = MessagesOf(run.Options);
        var figures = new NodeFigures(run, "Channels", $"channels, which have {ScaleRun.ColumnOf(messages)} messages together");
        foreach (var channels in Sizes(run.Options))
        {
            run.Progress.Step(ScaleRun.ColumnOf(channels));
            await using var node = await BenchNode.StartAsync(run.Options.Directory);
            var perSecond = await new NodeFill(channels, BodyBytes).RunAsync(node.Address, messages, run.Stop);
            await figures.TakeAsync(node, channels, messages, channels, perSecond);
        }
    }

    private static long MessagesOf(BenchOptions options) => options.Messages ?? MessagesDefault;
}
