using System.Diagnostics;
using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Scale;

/// <summary>Appends very many messages, over all channels alike.</summary>
internal sealed class NodeFill
{
    private const int BatchMessages = 10_000;
    private readonly IReadOnlyList<BatchLoad> _batches;
    private int _sent;

    /// <param name="channels">Over how many channels: up to as many as a batch has messages, or a multiple of that.</param>
    /// <param name="bodyBytes">The size of the bodies.</param>
    public NodeFill(int channels, int bodyBytes) => _batches =
        [.. Enumerable.Range(0, Math.Max(1, channels / BatchMessages)).Select(part => BatchLoad.Frames(BatchMessages, Math.Min(channels, BatchMessages), bodyBytes, part * BatchMessages))];

    /// <summary>Appends so many; returns messages per second.</summary>
    public async Task<double> RunAsync(Uri node, long messages, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = node };
        var watch = Stopwatch.StartNew();
        for (long stored = 0; stored < messages; stored += BatchMessages)
        {
            stop.ThrowIfCancellationRequested();
            await _batches[_sent++ % _batches.Count].PostAsync(http);
        }

        return messages / watch.Elapsed.TotalSeconds;
    }
}
