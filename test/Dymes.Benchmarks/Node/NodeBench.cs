namespace Dymes.Benchmarks.Node;

/// <summary>Measures a node in a process of its own, section by section.</summary>
internal static class NodeBench
{
    private static readonly (string Name, Func<NodeBenchOptions, Report, Task> RunAsync)[] Sections =
    [
        (EmbeddedAppends.Section, EmbeddedAppends.RunAsync),
        (SinglePosts.Section, SinglePosts.RunAsync),
        (Batches.Section, Batches.RunAsync),
        (ScanReads.Section, ScanReads.RunAsync),
        (Opening.Section, Opening.RunAsync),
    ];

    public static async Task RunAsync(NodeBenchOptions options)
    {
        var report = new Report(options.Command);
        foreach (var (name, run) in Sections.Where(section => section.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
        {
            Console.WriteLine($"== {name}");
            await run(options, report);
        }

        var page = report.ToMarkdown(TimeProvider.System.GetUtcNow());
        Console.WriteLine(page);
        if (options.Out is { } file)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            await File.WriteAllTextAsync(file, page);
        }
    }
}
