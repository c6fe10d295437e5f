using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Plots;

namespace Dymes.Benchmarks.Peers.Shapes;

/// <summary>A kind of append, under several loads: how fast, how late, and what the client itself takes.</summary>
internal sealed class AppendShape(string name, string note, Func<IPeer, IReadOnlyList<IAppender>> ways, Func<PeerPace, int> countWays, IReadOnlyList<(string Column, AppendLoad Load)> loads) : IShape
{
    private static readonly TimeSpan TurnPause = TimeSpan.FromMilliseconds(500); // the disk settles, what was begun ends

    public string Name => name;

    /// <summary>Whether a server that stores nothing takes part, too.</summary>
    public bool ShowsFloor { get; init; }

    /// <summary>Whether so much is appended that each load wants an empty disk, and new systems on it.</summary>
    public bool FillsDisk { get; init; }

    public TimeSpan Expected(IReadOnlyList<PeerSystem> systems, BenchOptions options) =>
        (PeersRun.ExpectedStanding(systems) * (FillsDisk ? loads.Count : 1)) + (systems.Where(IsAsked).Sum(system => countWays(system.Pace)) * loads.Count * options.Rounds * (options.Duration + TurnPause));

    public async Task RunAsync(PeersRun run)
    {
        var standing = await StandAsync(run);
        run.Progress.Expect(standing.Sum(running => ways(running.Peer).Count) * loads.Count * run.Options.Rounds);
        var rate = run.Report.Add(new ComparisonTable(name, "messages/s", note) { Plot = new Bars() });
        var middle = run.Report.Add(new ComparisonTable($"{name}: median latency", "ms") { IsLessBetter = true, IsSummed = false });
        var late = run.Report.Add(new ComparisonTable($"{name}: p99 latency", "ms", "99 of 100 appends took less.") { IsLessBetter = true, IsSummed = ShowsFloor, Plot = new Bars() });
        var cost = run.Report.Add(new ComparisonTable(
            $"{name}: the client's own time of a processor", "µs a message", "The systems share the processors with it. What wrk takes is not counted; the empty server shows what is left beside it.")
        { IsRanked = false });
        foreach (var (column, load) in loads)
        {
            standing = FillsDisk && load != loads[0].Load ? await StandAsync(run) : standing;
            var contestants = standing.SelectMany(running => ways(running.Peer) is var clients ? clients.Select(way => new Contestant<LoadResult>(
                running.Appender(way.Name, clients.Count, way.IsCheap), null, () => MeasureAsync(way, load, run.Options.Duration))) : []);
            await new Contest(run).RunAsync(
                column, [.. contestants], (rate, result => result.PerSecond), (middle, result => result.P50), (late, result => result.P99), (cost, result => result.ClientMicroseconds));
        }
    }

    private async Task<List<RunningPeer>> StandAsync(PeersRun run) => [.. (await run.StandAsync()).Where(running => IsAsked(running.System))];

    private bool IsAsked(PeerSystem system) => ShowsFloor || system.Scope != PeerScope.Floor;

    private static async Task<LoadResult> MeasureAsync(IAppender way, AppendLoad load, TimeSpan duration)
    {
        var result = await way.RunAsync(load, duration);
        return result.Errors == 0 ? result : throw new InvalidOperationException($"{result.Errors} of {result.Messages + result.Errors} requests failed.");
    }
}
