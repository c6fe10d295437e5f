using System.Diagnostics;
using HdrHistogram;

namespace Dymes.Benchmarks.Load;

/// <summary>Clients in this process that each wait for an answer before they ask again.</summary>
internal static class ClosedLoop
{
    private const long LatencyMax = 60_000_000; // microseconds
    private const int Digits = 2;

    /// <param name="clients">How many.</param>
    /// <param name="messages">How many messages an answer acknowledges.</param>
    /// <param name="duration">For how long they begin anew.</param>
    /// <param name="appendAsync">What the client of this number does; it ends when everything is acknowledged.</param>
    public static async Task<LoadResult> RunAsync(int clients, int messages, TimeSpan duration, Func<int, Task> appendAsync)
    {
        using var process = Process.GetCurrentProcess();
        var spent = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var loops = Enumerable.Range(0, clients).Select(client => Task.Run(() => AskAsync(client, watch, duration, appendAsync)));
        var all = new LongHistogram(1, LatencyMax, Digits);
        foreach (var latencies in await Task.WhenAll(loops.ToArray()))
        {
            all.Add(latencies);
        }

        var seconds = watch.Elapsed.TotalSeconds;
        process.Refresh();
        var acknowledged = all.TotalCount * messages;
        return new LoadResult(acknowledged, seconds, 0, all.GetValueAtPercentile(50) / 1e3, all.GetValueAtPercentile(99) / 1e3)
        {
            ClientMicroseconds = (process.TotalProcessorTime - spent).TotalMicroseconds / Math.Max(1, acknowledged),
        };
    }

    private static async Task<LongHistogram> AskAsync(int client, Stopwatch watch, TimeSpan duration, Func<int, Task> appendAsync)
    {
        var latencies = new LongHistogram(1, LatencyMax, Digits);
        while (watch.Elapsed < duration)
        {
            var began = watch.Elapsed;
            await appendAsync(client);
            latencies.RecordValue(Math.Clamp((long)(watch.Elapsed - began).TotalMicroseconds, 1, LatencyMax));
        }

        return latencies;
    }
}
