using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Scale;

/// <summary>Dymes alone, one silo: what grows with what is in it, and what does not.</summary>
internal static class ScaleBench
{
    private static readonly (string Name, Func<ScaleRun, Task> RunAsync)[] Parts =
    [
        ("Messages", MessageGrowth.RunAsync),
        ("Small messages", MessageGrowth.RunSmallAsync),
        ("Channels", ChannelGrowth.RunAsync),
        ("Trees", TreeGrowth.RunAsync),
    ];

    public static async Task RunAsync(BenchOptions options, CancellationToken stop)
    {
        var report = new Report("How Dymes grows", options);
        report.Add("One silo with its defaults, filled over HTTP by raw frames. Memory is that of its process; pages that it shares with others count in part.");
        foreach (var (name, run) in Parts.Where(part => part.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
        {
            Console.WriteLine($"== {name}");
            await run(new ScaleRun(options, report, stop));
        }

        await report.WriteAsync();
    }
}
