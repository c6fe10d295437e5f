using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Plots;

namespace Dymes.Benchmarks.Peers.Shapes;

/// <summary>The primary of three nodes is killed while clients append: how long none of them is answered.</summary>
internal sealed class KillShape : IShape
{
    private const int Clients = 16;
    private const int ClusterNodes = 3;
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan KillTime = TimeSpan.FromSeconds(6); // until appends come steadily again, and the killed node is a member

    public string Name => "Primary killed";

    public TimeSpan Expected(IReadOnlyList<PeerSystem> systems, BenchOptions options) => systems.Where(IsAsked).Aggregate(
        TimeSpan.Zero, (sum, system) => sum + StartTime + system.WarmUp + (options.Rounds * (options.Duration + KillTime)));

    public async Task RunAsync(PeersRun run)
    {
        await run.ClearAsync();
        var systems = run.Systems.Where(IsAsked).ToList();
        run.Progress.Expect(systems.Count);
        var gaps = run.Report.Add(new ComparisonTable(
            Name,
            "s",
            $"The longest time without any acknowledgement when the primary is killed (SIGKILL) under {Clients} clients that know all three nodes, give up an attempt after {IFailover.AttemptTimeout.TotalSeconds:0} s and try the next node. What was lost or doubled is not counted here.")
        { IsLessBetter = true, Plot = new Bars() });
        foreach (var system in systems)
        {
            run.Progress.Step(system.Name);
            var started = new List<RunningPeer>();
            await run.StartAsync(started, [system]);
            foreach (var running in started)
            {
                await MeasureAsync(run, running, gaps);
                await PeersRun.EndAsync(running);
            }
        }
    }

    private static bool IsAsked(PeerSystem system) => system.Nodes == ClusterNodes;

    private static async Task MeasureAsync(PeersRun run, RunningPeer running, ComparisonTable gaps)
    {
        var (values, lack) = (new List<double>(), running.Peer.FailoverLack);
        try
        {
            if (running.Peer.Failover is { } failover)
            {
                (_, lack) = await run.TryAsync<object>(() => KillAsync(run, running, failover, values), PeersRun.FillDeadline);
            }
        }
        finally
        {
            gaps.Add(running.System.Row(running.System.NodeClass), "longest gap", values, values.Count == run.Options.Rounds ? null : lack ?? "stopped by hand");
        }
    }

    private static async Task<object> KillAsync(PeersRun run, RunningPeer running, IFailover failover, List<double> values)
    {
        await run.WarmAsync(running);
        for (var round = 0; round < run.Options.Rounds; round++)
        {
            values.Add(await KillAsync(failover, run.Options.Duration, run.Stop));
            await failover.RestoreAsync();
        }

        return values;
    }

    private static async Task<double> KillAsync(IFailover failover, TimeSpan before, CancellationToken stop)
    {
        var gaps = new AckGaps();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(
            async () =>
            {
                while (!over.IsCancellationRequested)
                {
                    await failover.AppendAsync(client, over.Token);
                    gaps.Acknowledge();
                }
            },
            over.Token)).ToArray();
        await Task.Delay(before, TimeProvider.System, stop);
        gaps.Forget();
        await failover.KillPrimaryAsync();
        await gaps.UntilSteadyAsync(stop);
        await over.CancelAsync();
        await Task.WhenAll(clients.Select(client => client.ContinueWith(_ => { }, TaskScheduler.Default)));
        return gaps.Longest.TotalSeconds;
    }
}
