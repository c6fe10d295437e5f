using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Plots;

namespace Dymes.Benchmarks.Peers.Shapes;

/// <summary>The primary of three nodes is killed while clients append: how long none of them is answered.</summary>
internal sealed class KillShape : IShape
{
    private const int Clients = 16;
    private const int ClusterNodes = 3;

    public string Name => "Primary killed";

    public async Task RunAsync(PeersRun run)
    {
        await run.ClearAsync();
        var gaps = run.Report.Add(new ComparisonTable(
            Name,
            "s",
            $"The longest time without any acknowledgement when the primary is killed (SIGKILL) under {Clients} clients that know all three nodes, give up an attempt after {IFailover.AttemptTimeout.TotalSeconds:0} s and try the next node. What was lost or doubled is not counted here.")
        { Plot = new Bars() });
        foreach (var system in run.Systems.Where(system => system.Nodes == ClusterNodes))
        {
            var started = new List<RunningPeer>();
            await run.StartAsync(started, [system]);
            foreach (var running in started)
            {
                gaps.Add(system.Durability, await MeasureAsync(run, running));
                await running.Peer.DisposeAsync();
            }
        }
    }

    private static async Task<Comparison> MeasureAsync(PeersRun run, RunningPeer running)
    {
        const string Column = "longest gap";
        if (running.Peer.Failover is not { } failover)
        {
            return new Comparison(running.System.Name, Column, [], running.Peer.FailoverLack);
        }

        var values = new List<double>();
        var (_, failure) = await run.TryAsync<object>(async () =>
        {
            await run.WarmAsync(running);
            for (var round = 0; round < run.Options.Rounds; round++)
            {
                values.Add(await KillAsync(failover, run.Options.Duration, run.Stop));
                await failover.RestoreAsync();
            }

            return values;
        });
        return new Comparison(running.System.Name, Column, values, failure);
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
