using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Scale;

/// <summary>Dymes alone, one silo: what grows with what is in it, and what does not.</summary>
internal static class ScaleBench
{
    private static readonly ScalePart[] Parts =
    [
        new("Messages", options => MessageGrowth.Sizes(options).Count, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), MessageGrowth.RunAsync),
        new("Small messages", options => MessageGrowth.SmallSizes(options).Count, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(8), MessageGrowth.RunSmallAsync),
        new("Channels", options => ChannelGrowth.Sizes(options).Count, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2), ChannelGrowth.RunAsync),
        new("Trees", _ => TreeGrowth.Sizes.Count, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), TreeGrowth.RunAsync),
    ];

    public static async Task RunAsync(BenchOptions options, CancellationToken stop)
    {
        var report = new Report("How Dymes grows", options);
        report.Add("One silo with its defaults, filled over HTTP by raw frames. Memory is that of its process; pages that it shares with others count in part.");
        var parts = Parts.Where(part => part.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)).ToList();
        var progress = new RunProgress([.. parts.Select(part => (part.Name, options.IsLong ? part.ExpectedLong : part.Expected))], TimeProvider.System, Console.Out);
        progress.Announce();
        var run = new ScaleRun(options, report, progress, stop);
        try
        {
            foreach (var part in parts)
            {
                progress.BeginPart();
                progress.Expect(part.CountSteps(options));
                await report.RunPartAsync(part.Name, () => part.RunAsync(run), stop);
            }
        }
        finally
        {
            await report.WriteAsync();
        }
    }

    /// <summary>What grows.</summary>
    private sealed record ScalePart(string Name, Func<BenchOptions, int> CountSteps, TimeSpan Expected, TimeSpan ExpectedLong, Func<ScaleRun, Task> RunAsync);
}
