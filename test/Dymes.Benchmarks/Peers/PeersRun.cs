using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Peers.Running;

namespace Dymes.Benchmarks.Peers;

/// <summary>One run over all systems: starts them, and ends what it started.</summary>
internal sealed class PeersRun(BenchOptions options, IReadOnlyList<PeerSystem> systems, Report report, RunProgress progress, string folder, CancellationToken stop) : IAsyncDisposable
{
    /// <summary>What takes longer than this hangs: a turn is seconds long, and so is what a system may have to finish before it.</summary>
    public static readonly TimeSpan TurnDeadline = TimeSpan.FromMinutes(1);

    /// <summary>The same for a system that is filled, stopped and started again.</summary>
    public static readonly TimeSpan FillDeadline = TimeSpan.FromMinutes(8);

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WarmUpRest = TimeSpan.FromSeconds(2);
    private const long FreeBytesMin = 8L << 30;

    private readonly List<RunningPeer> _standing = [];
    private bool _isIdleKnown;
    private int _started;

    public BenchOptions Options => options;

    public IReadOnlyList<PeerSystem> Systems => systems;

    public Report Report => report;

    public RunProgress Progress => progress;

    public CancellationToken Stop => stop;

    /// <summary>How long <see cref="StandAsync"/> takes, about.</summary>
    public static TimeSpan ExpectedStanding(IReadOnlyList<PeerSystem> systems) =>
        IdleTime + systems.Aggregate(TimeSpan.Zero, (sum, system) => sum + TimeSpan.FromSeconds(system.Nodes) + system.WarmUp + (WarmUpRest * (system.Pace.Singles + system.Pace.Batches - 1)));

    /// <summary>All systems, with nothing in them and warm. Those that are not measured wait beside the one that is.</summary>
    public async Task<IReadOnlyList<RunningPeer>> StandAsync()
    {
        await ClearAsync();
        await StartAsync(_standing, systems);
        foreach (var running in _standing)
        {
            await WarmAsync(running);
        }

        if (!_isIdleKnown)
        {
            _isIdleKnown = true;
            Resources.SettleDisk();
            var processes = _standing.SelectMany(running => running.Peer.Processes).ToList();
            var before = Resources.ProcessorSeconds(processes);
            await Task.Delay(IdleTime, TimeProvider.System, stop);
            var share = (Resources.ProcessorSeconds(processes) - before) / IdleTime.TotalSeconds / Environment.ProcessorCount;
            report.Add($"For single appends, bodies and batches all systems run side by side, begin anew with each of the three, and with each load of batches, and take turns; together they take {share:p1} of the processors when none of them is asked for anything.");
        }

        return _standing;
    }

    /// <summary>Ends the systems of <see cref="StandAsync"/>: what comes wants the machine, or empty systems.</summary>
    public async Task ClearAsync()
    {
        foreach (var running in _standing)
        {
            await EndAsync(running);
        }

        _standing.Clear();
    }

    /// <summary>Sees to it that the disk has room for what comes: a full one would end systems, and whatever else lives on it.</summary>
    /// <exception cref="IOException">It has not.</exception>
    public void DemandRoom()
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < FreeBytesMin)
        {
            throw new IOException($"The disk has {free >> 20} MiB left; a turn wants {FreeBytesMin >> 20}. Make room, or name a folder on another with --directory.");
        }
    }

    /// <summary>Starts systems with nothing in them, and adds them to those that run. One that does not start is told of in the report.</summary>
    public async Task StartAsync(List<RunningPeer> running, IEnumerable<PeerSystem> wanted)
    {
        foreach (var system in wanted)
        {
            stop.ThrowIfCancellationRequested();
            DemandRoom();
            Console.WriteLine($"-- {system.Name} starts");
            try
            {
                var home = Path.Combine(folder, $"system-{_started++}");
                running.Add(new RunningPeer(system, await system.StartAsync(home), home));
            }
            catch (Exception refused) when (!stop.IsCancellationRequested)
            {
                report.Add($"**Missing: {system.Name}.** It did not start: {Report.OneLine(refused)}");
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
            var load = running.Peer.Batches.Contains(appender) ? new AppendLoad(8, 100, 1024) : new AppendLoad(64, 1, 1024);
            await TryAsync(() => appender.RunAsync(load, left), TurnDeadline);
            left = left < WarmUpRest ? left : WarmUpRest;
        }
    }

    /// <summary>Ends a system, and what it stored goes with it. One that does not end well is no reason to end the run.</summary>
    public static async Task EndAsync(RunningPeer running)
    {
        try
        {
            await running.Peer.DisposeAsync();
            Directory.Delete(running.Folder, recursive: true);
        }
        catch (Exception trouble)
        {
            Console.Error.WriteLine($"{running.System.Name} did not end well: {trouble}");
        }
    }

    /// <summary>A figure, or in a few words why there is none. What goes on after its deadline is left to itself.</summary>
    public async Task<(TFigure? Figure, string? Failure)> TryAsync<TFigure>(Func<Task<TFigure>> measureAsync, TimeSpan deadline)
        where TFigure : class
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            return (await measureAsync().WaitAsync(deadline, stop), null);
        }
        catch (TimeoutException)
        {
            Console.Error.WriteLine($"Not done after {deadline.TotalSeconds:0} s.");
            return (null, $"failed: not done after {deadline.TotalSeconds:0} s");
        }
        catch (Exception failed) when (!stop.IsCancellationRequested)
        {
            Console.Error.WriteLine(failed);
            return (null, $"failed: {Report.OneLine(failed)}");
        }
    }

    public async ValueTask DisposeAsync() => await ClearAsync();
}
