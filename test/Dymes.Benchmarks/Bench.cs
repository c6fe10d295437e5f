using Dymes.Benchmarks.Cluster;
using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Node;

namespace Dymes.Benchmarks;

/// <summary>Measures programs in processes of their own, section by section.</summary>
/// <param name="Title">What is measured.</param>
/// <param name="Sections">In their order.</param>
internal sealed record Bench(string Title, params (string Name, Func<BenchOptions, Report, Task> RunAsync)[] Sections)
{
    public static Bench Node { get; } = new(
        "One node",
        (EmbeddedAppends.Section, EmbeddedAppends.RunAsync),
        (SinglePosts.Section, SinglePosts.RunAsync),
        (Batches.Section, Batches.RunAsync),
        (ScanReads.Section, ScanReads.RunAsync),
        (Opening.Section, Opening.RunAsync));

    public static Bench Cluster { get; } = new(
        "Three silos",
        (ClusterPosts.Section, ClusterPosts.RunAsync),
        (ClusterBatches.Section, ClusterBatches.RunAsync),
        (CatchUp.Section, CatchUp.RunAsync));

    public async Task RunAsync(BenchOptions options)
    {
        var report = new Report(Title, options);
        foreach (var (name, run) in Sections.Where(section => section.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
        {
            Console.WriteLine($"== {name}");
            await run(options, report);
        }

        await report.WriteAsync();
    }
}
