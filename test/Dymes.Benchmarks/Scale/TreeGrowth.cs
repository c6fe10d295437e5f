using System.Diagnostics;
using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Node;
using Dymes.Benchmarks.Peers.SiloPeers;
using Dymes.Benchmarks.Plots;
using Dymes.Client;
using Dymes.Message.Log;

namespace Dymes.Benchmarks.Scale;

/// <summary>Trees of messages that follow from each other, ever deeper and ever wider, among messages that do not.</summary>
internal static class TreeGrowth
{
    private const int Others = 100_000;
    private const int BodyBytes = 128;
    private const int Channels = 1000;

    public static IReadOnlyList<int> Sizes { get; } = [10, 100, 1_000, 10_000, 100_000];

    public static async Task RunAsync(ScaleRun run)
    {
        await using var node = await BenchNode.StartAsync(run.Options.Directory);
        await new NodeFill(Channels, BodyBytes).RunAsync(node.Address, Others, run.Stop);
        using var client = new DymesClient(new DymesClientOptions { Addresses = [node.Address] });
        var whole = run.AddTable("Trees: all messages of a tree", "ms", "messages of the tree", $"Among {ScaleRun.ColumnOf(Others)} others.", new Curves());
        var each = run.AddTable("Trees: a message of a tree", "µs", "messages of the tree", "The time for the whole tree, by its messages.");
        foreach (var size in Sizes)
        {
            run.Progress.Step(ScaleRun.ColumnOf(size));
            var (chain, leaf) = await MessageTree.AppendAsync(client, size, childrenMax: 1, BodyBytes);
            var (star, _) = await MessageTree.AppendAsync(client, size, childrenMax: size, BodyBytes);
            var (bush, _) = await MessageTree.AppendAsync(client, size, childrenMax: 10, BodyBytes);
            await MeasureAsync("descendants, each follows from the one before", new DescendantsSelection(chain));
            await MeasureAsync("descendants, all follow from the first", new DescendantsSelection(star));
            await MeasureAsync("descendants, ten follow from each", new DescendantsSelection(bush));
            await MeasureAsync("ancestors, up from the last of a chain", new AncestorsSelection(leaf));

            async Task MeasureAsync(string row, MessageSelection selection)
            {
                run.Stop.ThrowIfCancellationRequested();
                await ReadAsync(client, selection, size);
                var times = await Rounds.InTurnsAsync(run.Options.Rounds, () => ReadAsync(client, selection, size));
                whole.Add(new TableRow(row), ScaleRun.ColumnOf(size), times[0]);
                each.Add(new TableRow(row), ScaleRun.ColumnOf(size), [.. times[0].Select(milliseconds => milliseconds * 1000 / size)]);
            }
        }
    }

    private static async Task<double> ReadAsync(DymesClient client, MessageSelection selection, int expected)
    {
        var watch = Stopwatch.StartNew();
        var count = 0;
        await foreach (var page in client.QueryAsync(new MessageQuery { Selection = selection }))
        {
            count += page.Count;
        }

        return count == expected ? watch.Elapsed.TotalMilliseconds : throw new InvalidOperationException($"{selection} gave {count} messages, not {expected}.");
    }
}
