using System.Diagnostics;
using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Peers.Running;
using Dymes.Benchmarks.Plots;

namespace Dymes.Benchmarks.Peers.Shapes;

/// <summary>What a system takes of the machine with many messages in it, and how long it needs to take the next one after it was stopped. One system after the other: together they would not fit.</summary>
internal sealed class RestartShape : IShape
{
    private const long MessagesDefault = 1_000_000;
    private const double StartSeconds = 2;
    private const double RestartPerSecond = 500_000;
    private const long MessagesLong = 10_000_000;
    private const string Note = "That of all nodes together.";

    public string Name => "Memory, disk and restart";

    public TimeSpan Expected(IReadOnlyList<PeerSystem> systems, BenchOptions options)
    {
        var messages = MessagesOf(options);
        return TimeSpan.FromSeconds(systems.Where(IsAsked).Sum(system =>
            (system.Nodes * StartSeconds * (1 + options.Rounds)) + (messages / system.Pace.FillPerSecond) + (options.Rounds * messages / RestartPerSecond)));
    }

    public async Task RunAsync(PeersRun run)
    {
        await run.ClearAsync();
        var messages = MessagesOf(run.Options);
        var systems = run.Systems.Where(IsAsked).ToList();
        run.Progress.Expect(systems.Count);
        var memory = run.Report.Add(new ComparisonTable("Memory", "MB", $"With {messages:n0} messages of 1 KiB. {Note} Pages that processes share count once; those of mapped files count.") { IsLessBetter = true, Plot = new Bars() });
        var disk = run.Report.Add(new ComparisonTable("Disk", "bytes a message", "Blocks of a node's disk after a stop.") { IsLessBetter = true, Plot = new Bars() });
        var restart = run.Report.Add(new ComparisonTable("Restart", "s", "From the start of the processes until the first append is acknowledged; what was in the page cache before is there still. The rounds of a system follow each other.") { IsLessBetter = true, Plot = new Bars() });
        foreach (var system in systems)
        {
            run.Progress.Step(system.Name);
            var started = new List<RunningPeer>();
            await run.StartAsync(started, [system]);
            foreach (var running in started)
            {
                try
                {
                    var (_, failure) = await run.TryAsync(() => MeasureAsync(run, running, messages, memory, disk, restart), PeersRun.FillDeadline);
                    if (failure is not null)
                    {
                        restart.Add(system.Row(system.NodeClass), ColumnOf(messages), [], failure);
                    }
                }
                finally
                {
                    await PeersRun.EndAsync(running);
                }
            }
        }
    }

    private static bool IsAsked(PeerSystem system) => system.Scope == PeerScope.Everything;

    private static long MessagesOf(BenchOptions options) => options.Messages ?? (options.IsLong ? MessagesLong : MessagesDefault);

    private static string ColumnOf(long messages) => $"{messages:n0} messages";

    private static async Task<object> MeasureAsync(PeersRun run, RunningPeer running, long messages, ComparisonTable memory, ComparisonTable disk, ComparisonTable restart)
    {
        var (system, peer) = (running.System, running.Peer);
        Add(memory, "empty", [Resources.ResidentMegabytes(peer.Processes)]);
        await peer.Batches[0].FillAsync(messages, 1024, run.Stop);
        Resources.SettleDisk();
        Add(memory, "after filling", [Resources.ResidentMegabytes(peer.Processes)]);
        var (seconds, held) = (new List<double>(), new List<double>());
        for (var round = 0; round < run.Options.Rounds; round++)
        {
            run.Stop.ThrowIfCancellationRequested();
            await peer.StopAsync();
            if (round == 0)
            {
                Add(disk, "a node", [peer.Directories.Average(Resources.DiskBytes) / messages]);
            }

            Resources.SettleDisk();
            var watch = Stopwatch.StartNew();
            await peer.StartAgainAsync();
            seconds.Add(watch.Elapsed.TotalSeconds);
            held.Add(Resources.ResidentMegabytes(peer.Processes));
        }

        Add(restart, ColumnOf(messages), seconds);
        Add(memory, "after a restart", held);
        return seconds;

        void Add(ComparisonTable table, string column, IReadOnlyList<double> values) => table.Add(system.Row(system.NodeClass), column, values);
    }
}
