using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Peers.Standings;

namespace Dymes.Benchmarks.Peers;

/// <summary>Dymes and its peers, one after the other under the same loads.</summary>
internal static class PeersBench
{
    public static async Task RunAsync(BenchOptions options, CancellationToken stop)
    {
        var selection = PeerSelection.Parse(options.Only);
        var report = new Report("Dymes and its peers", options);
        report.Add("All systems listen on 127.0.0.1 and keep their data below one folder of this disk. Before each turn of a system the disk is given time to write what the one before it left unwritten.");
        var systems = selection.Systems.Where(system => IsThere(system, report)).ToList();
        report.Add(new StandingTable(() => report.Comparisons));
        report.Add(SystemTable.Of(systems));
        var progress = new RunProgress(
            [.. selection.Shapes.Select(shape => (shape.Name, shape.Expected(systems, options)))],
            TimeProvider.System,
            Console.Out);
        progress.Announce();
        var folder = Directory.CreateDirectory(Path.Combine(options.Directory, $"dymes-peers-{Guid.NewGuid():n}"));
        try
        {
            await using var run = new PeersRun(options, systems, report, progress, folder.FullName, stop);
            foreach (var shape in selection.Shapes)
            {
                progress.BeginPart();
                await report.RunPartAsync(shape.Name, () => shape.RunAsync(run), stop);
            }
        }
        finally
        {
            await report.WriteAsync();
            folder.Delete(recursive: true);
        }
    }

    private static bool IsThere(PeerSystem system, Report report)
    {
        if (system.Installation.Version is null)
        {
            report.Add($"**Skipped: {system.Name}.** It is not installed: {system.Installation.HowToInstall}");
            Console.Error.WriteLine($"{system.Name} is skipped: it is not installed. {system.Installation.HowToInstall}");
        }

        return system.Installation.Version is not null;
    }
}
