using System.Diagnostics;
using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Micro;
using Dymes.Engine;
using Dymes.Message.Log;
using Dymes.MessageStore;
using Dymes.MessageStore.Files;

namespace Dymes.Benchmarks.Node;

/// <summary>The engine within this process, without HTTP, against a plain write and flush of as many bytes in batches of the same size.</summary>
internal static class EmbeddedAppends
{
    public const string Section = "Embedded engine against the disk";
    private const int Channels = 1000;
    private const int InFlight = 4;
    private static readonly int[] BatchMessages = [1, 64, 1024];

    public static async Task RunAsync(BenchOptions options, Report report)
    {
        foreach (var count in BatchMessages)
        {
            var frames = SampleMessages.Frames(count, Channels);
            var directory = Directory.CreateDirectory(Path.Combine(options.Directory, $"dymes-bench-{Guid.NewGuid():n}"));
            await using (var engine = DymesEngine.Open(
                new EngineOptions { Store = new StoreOptions { Directory = Path.Combine(directory.FullName, "default") } }, OsFileSystem.Instance, TimeProvider.System))
            {
                var figures = await Rounds.InTurnsAsync(
                    options.Rounds,
                    () => AppendAsync(engine, frames, count, inFlight: 1, options.Duration),
                    () => AppendAsync(engine, frames, count, InFlight, options.Duration),
                    () => Task.FromResult(DiskFloor.GrowingPerSecond(directory.FullName, frames.Length, options.Duration) * count),
                    () => Task.FromResult(DiskFloor.BlocksPerSecond(directory.FullName, frames.Length, options.Duration) * count),
                    () => Task.FromResult(DiskFloor.OverZerosPerSecond(directory.FullName, frames.Length, options.Duration) * count));
                var floor = new Measure($"write + fdatasync of {frames.Length:N0} bytes, growing file", "messages/s", figures[2]);
                Add(report, $"batches of {count}, one at a time", figures[0], floor);
                Add(report, $"batches of {count}, {InFlight} at a time", figures[1], floor);
                report.Add(Section, floor);
                report.Add(Section, new Measure($"write + fdatasync of {frames.Length:N0} bytes, past the page cache", "messages/s", figures[3]));
                report.Add(Section, new Measure($"write + fdatasync of {frames.Length:N0} bytes, over zeros", "messages/s", figures[4]));
            }

            directory.Delete(recursive: true);
        }
    }

    private static void Add(Report report, string name, List<double> figures, Measure floor)
    {
        var measure = new Measure(name, "messages/s", figures);
        report.Add(Section, measure with { Note = $"{Measure.Text(100 * measure.Median / floor.Median)} % of the growing file" });
    }

    private static async Task<double> AppendAsync(DymesEngine engine, byte[] frames, int count, int inFlight, TimeSpan duration)
    {
        var watch = Stopwatch.StartNew();
        var appenders = Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            long appended = 0;
            while (watch.Elapsed < duration)
            {
                var result = await engine.AppendAsync(new AppendRequest { Frames = frames, Count = count });
                appended += result.Receipts.Count;
            }

            return appended;
        }));
        var total = (await Task.WhenAll(appenders.ToArray())).Sum();
        return total / watch.Elapsed.TotalSeconds;
    }
}
