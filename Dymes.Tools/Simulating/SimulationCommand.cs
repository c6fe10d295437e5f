using System.CommandLine;
using Dymes.Tools.Terminal;
using Dymes.Vsr.Simulation;
using Dymes.Vsr.Simulation.Telling;

namespace Dymes.Tools.Simulating;

/// <summary><c>dymes vsr-sim</c>: runs seeds of the simulator of consensus, and shows one that broke a rule.</summary>
internal static class SimulationCommand
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    public static Command Create(ToolTerminal terminal)
    {
        var command = new Command(
            "vsr-sim",
            "Simulate whole groups of replicas with faults of network, disks, clocks and clients, and check that every promise holds. Exit code 0: all held; 1: a rule is broken, and the command that replays it is printed, or --cover misses something.");
        var options = new SimulationOptions();
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var order = options.Read(parsed, terminal.Clock);
            return Task.Run(() => Run(order, terminal, cancellationToken), cancellationToken);
        });
        return command;
    }

    private static int Run(SimulationOrder order, ToolTerminal terminal, CancellationToken cancellationToken)
    {
        var start = terminal.Clock.GetTimestamp();
        var tally = new SimulationTally(order.Settings, order.Count);
        RunSeeds(order, tally, terminal, cancellationToken);
        var broken = tally.Broken is { } found && order.Shrinks ? Simulator.Run(Shrinker.Shrink(found, () => cancellationToken.IsCancellationRequested)) : tally.Broken;
        var elapsed = terminal.Clock.GetElapsedTime(start);
        Tell(order, broken?.Settings ?? order.Settings, terminal, cancellationToken);
        var lacking = order.MustCover ? tally.Missing : [];
        var report = broken is null ? null : new SimulationReport(broken);
        if (order.IsJson)
        {
            JsonLines.Write(terminal.Output, json => tally.Write(json, report, elapsed));
        }
        else
        {
            report?.Print(terminal.Output);
            terminal.Output.WriteLine($"seeds from {order.Settings.Seed}: {tally.Describe(elapsed)}");
            if (lacking.Count > 0)
            {
                terminal.Output.WriteLine($"Never seen: {string.Join(", ", lacking)}. Run more seeds, or widen what they draw.");
            }
        }

        return broken is null && lacking.Count == 0 ? ExitCodes.Done : ExitCodes.SomeRefused;
    }

    // No seed is begun after one that broke a rule; those that are under way end, so that the lowest is found whatever the number of threads.
    private static void RunSeeds(SimulationOrder order, SimulationTally tally, ToolTerminal terminal, CancellationToken cancellationToken)
    {
        var start = terminal.Clock.GetTimestamp();
        using var progress = terminal.IsErrorWatched
            ? terminal.Clock.CreateTimer(_ => terminal.ShowProgress(tally.Describe(terminal.Clock.GetElapsedTime(start))), null, ProgressInterval, ProgressInterval)
            : null;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = order.Threads, CancellationToken = cancellationToken };
        Parallel.For(0, order.Count, parallel, (place, loop) =>
        {
            tally.Add(Simulator.Run(order.Settings with { Seed = order.Settings.Seed + (ulong)place }, () => cancellationToken.IsCancellationRequested));
            if (tally.Broken is not null)
            {
                loop.Break();
            }
        });
        progress?.Dispose();
        terminal.ClearProgress();
    }

    private static void Tell(SimulationOrder order, SimulationSettings settings, ToolTerminal terminal, CancellationToken cancellationToken)
    {
        if (!order.ShowsTrace && order.PicturePath is null)
        {
            return;
        }

        var told = Simulator.Run(settings with { IsTold = true }, () => cancellationToken.IsCancellationRequested);
        if (order.PicturePath is { } path)
        {
            File.WriteAllText(path, TimelinePicture.Html(told.Timeline!, $"Dymes: {told.Replicas} replicas, seed {settings.Seed}"));
        }

        foreach (var line in order.ShowsTrace ? ColumnText.Lines(told.Timeline!, terminal.Columns) : [])
        {
            terminal.Output.WriteLine(line);
        }
    }
}
