using Dymes.Benchmarks.Node;

namespace Dymes.Benchmarks.Scale;

/// <summary>A silo that gets ever more messages, in as many channels as before.</summary>
internal static class MessageGrowth
{
    private const int Channels = 1000;

    /// <summary>Messages of 1 KiB.</summary>
    public static Task RunAsync(ScaleRun run) => GrowAsync(run, "Messages of 1 KiB", 1024, Sizes(run.Options));

    /// <summary>Messages of 128 bytes, of which more fit on the disk.</summary>
    public static Task RunSmallAsync(ScaleRun run) => GrowAsync(run, "Messages of 128 bytes", 128, SmallSizes(run.Options));

    public static IReadOnlyList<long> Sizes(BenchOptions options) => UpTo(options, options.IsLong ? [100_000, 1_000_000, 10_000_000] : [100_000, 1_000_000]);

    public static IReadOnlyList<long> SmallSizes(BenchOptions options) => UpTo(options, options.IsLong ? [100_000, 1_000_000, 10_000_000, 50_000_000] : [100_000, 1_000_000]);

    private static IReadOnlyList<long> UpTo(BenchOptions options, long[] sizes) => [.. sizes.Where(size => size <= (options.Messages ?? long.MaxValue))];

    private static async Task GrowAsync(ScaleRun run, string title, int bodyBytes, IReadOnlyList<long> sizes)
    {
        await using var node = await BenchNode.StartAsync(run.Options.Directory);
        var (figures, fill) = (new NodeFigures(run, title, "messages in the log"), new NodeFill(Channels, bodyBytes));
        long stored = 0;
        foreach (var size in sizes)
        {
            run.Progress.Step(ScaleRun.ColumnOf(size));
            var perSecond = await fill.RunAsync(node.Address, size - stored, run.Stop);
            stored = size;
            await figures.TakeAsync(node, size, size, Channels, perSecond);
        }
    }
}
