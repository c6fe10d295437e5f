using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Peers.Running;

namespace Dymes.Benchmarks.Peers;

/// <summary>A system that runs.</summary>
internal sealed record RunningPeer(PeerSystem System, IPeer Peer)
{
    /// <summary>The name of a row: the system, and by which client where it has several.</summary>
    public string RowOf(string client, int clients) => clients == 1 ? System.Name : $"{System.Name}, {client}";
}

/// <summary>One run over all systems: starts them, and ends what it started.</summary>
internal sealed class PeersRun(BenchOptions options, IReadOnlyList<PeerSystem> systems, Report report, string folder, CancellationToken stop) : IAsyncDisposable
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);
    private List<RunningPeer>? _standing;
    private int _started;

    public BenchOptions Options => options;

    public IReadOnlyList<PeerSystem> Systems => systems;

    public Report Report => report;

    public CancellationToken Stop => stop;

    /// <summary>All systems, started when they are first asked for and warm; what was appended before stays. Those that are not measured wait beside the one that is.</summary>
    public async Task<IReadOnlyList<RunningPeer>> StandingAsync()
    {
        if (_standing is null)
        {
            _standing = [];
            await StartAsync(_standing, systems);
            foreach (var running in _standing)
            {
                await WarmAsync(running);
            }

            Resources.SettleDisk();
            var processes = _standing.SelectMany(running => running.Peer.Processes).ToList();
            var before = Resources.ProcessorSeconds(processes);
            await Task.Delay(IdleTime, TimeProvider.System, stop);
            var share = (Resources.ProcessorSeconds(processes) - before) / IdleTime.TotalSeconds / Environment.ProcessorCount;
            report.Add($"For single appends, bodies and batches all systems run side by side and take turns; together they take {share:p1} of the processors when none of them is asked for anything.");
        }

        return _standing;
    }

    /// <summary>Ends the systems of <see cref="StandingAsync"/>: what comes wants the machine, or empty systems.</summary>
    public async Task ClearAsync()
    {
        foreach (var running in _standing ?? [])
        {
            await running.Peer.DisposeAsync();
        }

        _standing = null;
    }

    /// <summary>Starts systems with nothing in them, and adds them to those that run. One that does not start is told of in the report.</summary>
    public async Task StartAsync(List<RunningPeer> running, IEnumerable<PeerSystem> wanted)
    {
        foreach (var system in wanted)
        {
            stop.ThrowIfCancellationRequested();
            Console.WriteLine($"-- {system.Name} starts");
            try
            {
                running.Add(new RunningPeer(system, await system.StartAsync(Path.Combine(folder, $"system-{_started++}"))));
            }
            catch (Exception refused) when (!stop.IsCancellationRequested)
            {
                report.Add($"**Missing: {system.Name}.** It did not start: {OneLine(refused)}");
                Console.Error.WriteLine($"{system.Name} did not start: {refused}");
            }
        }
    }

    /// <summary>Lets everything run that a system runs, and this process run what its client library runs.</summary>
    public async Task WarmAsync(RunningPeer running)
    {
        Console.WriteLine($"-- {running.System.Name} warms up");
        var left = running.System.WarmUp;
        foreach (var appender in running.Peer.Singles.Concat(running.Peer.Batches))
        {
            stop.ThrowIfCancellationRequested();
            await TryAsync(() => appender.RunAsync(running.Peer.Batches.Contains(appender) ? new AppendLoad(8, 100, 1024) : new AppendLoad(64, 1, 1024), left));
            left = TimeSpan.FromSeconds(Math.Min(2, left.TotalSeconds));
        }
    }

    /// <summary>A figure, or in a few words why there is none.</summary>
    public async Task<(TFigure? Figure, string? Failure)> TryAsync<TFigure>(Func<Task<TFigure>> measureAsync)
        where TFigure : class
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            return (await measureAsync(), null);
        }
        catch (Exception failed) when (!stop.IsCancellationRequested)
        {
            Console.Error.WriteLine(failed);
            return (null, $"failed: {OneLine(failed)}");
        }
    }

    public async ValueTask DisposeAsync() => await ClearAsync();

    private static string OneLine(Exception exception) => exception.Message.Split('\n')[0].Replace('|', '/');
}
