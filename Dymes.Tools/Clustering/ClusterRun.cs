using Dymes.Client;
using Dymes.Common;
using Dymes.Message.Log;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Clustering;

/// <summary>A local cluster from its start to its end: starts the silos, tells when they are ready and who dies, and lets none of them outlive it.</summary>
internal sealed class ClusterRun(LocalCluster cluster, string program, ToolTerminal terminal) : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    private readonly List<SiloChild> _silos = [];

    /// <summary>Starts the silos, and waits until all are ready.</summary>
    /// <exception cref="DymesException">One cannot start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var seat in cluster.Replicas.Seats)
        {
            _silos.Add(SiloChild.Start(program, cluster, seat));
        }

        var waiting = _silos.ToList();
        var start = terminal.Clock.GetTimestamp();
        while (waiting.Count > 0)
        {
            ShowProgress(waiting);
            foreach (var silo in waiting.ToArray())
            {
                if (silo.HasExited)
                {
                    throw await DescribeAsync(silo);
                }

                if (await IsReadyAsync(silo, cancellationToken))
                {
                    waiting.Remove(silo);
                }
            }

            if (terminal.Clock.GetElapsedTime(start) > StartPatience)
            {
                throw new DymesException(ErrorCode.NotReady, $"{Names(waiting)} did not become ready in {StartPatience.TotalSeconds:0} s. Look into {cluster.LogOf(waiting[0].Seat)}.");
            }

            await Task.Delay(LookInterval, terminal.Clock, cancellationToken);
        }

        terminal.ClearProgress();
    }

    /// <summary>Tells of each silo that ends, until none is left or somebody wants to stop.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        var running = _silos.ToDictionary(silo => silo.WaitForExitAsync(cancellationToken));
        while (running.Count > 0 && !cancellationToken.IsCancellationRequested)
        {
            var ended = await Task.WhenAny(running.Keys);
            running.Remove(ended, out var silo);
            if (!cancellationToken.IsCancellationRequested)
            {
                terminal.WriteError($"{silo!.Seat.Name} is gone (exit code {silo.ExitCode}); {running.Count} of {_silos.Count} run on. Its log: {cluster.LogOf(silo.Seat)}\n");
            }
        }
    }

    /// <summary>Stops the silos, and waits until they have.</summary>
    /// <returns>Whether all stopped by themselves.</returns>
    public async Task<bool> StopAsync()
    {
        foreach (var silo in _silos)
        {
            silo.LetGo();
        }

        using var patience = new CancellationTokenSource(StopPatience, terminal.Clock);
        await Task.WhenAll(_silos.Select(silo => silo.WaitForExitAsync(patience.Token))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _silos.All(silo => silo.HasExited);
    }

    public void Dispose() => _silos.ForEach(silo => silo.Dispose());

    private static async Task<bool> IsReadyAsync(SiloChild silo, CancellationToken cancellationToken)
    {
        using var client = new DymesClient(new DymesClientOptions { Addresses = [silo.Seat.Http!], RetryDuration = TimeSpan.Zero });
        try
        {
            return (await client.GetStatusAsync(cancellationToken)).Condition == LogCondition.Ready;
        }
        catch (DymesException)
        {
            return false;
        }
    }

    private void ShowProgress(List<SiloChild> waiting)
    {
        if (terminal.IsErrorWatched)
        {
            terminal.ShowProgress($"starting: {_silos.Count - waiting.Count} of {_silos.Count} ready, waiting for {Names(waiting)}");
        }
    }

    private async Task<DymesException> DescribeAsync(SiloChild silo)
    {
        await silo.WaitForExitAsync(); // its last lines are read then
        terminal.ClearProgress();
        var reason = silo.LastError.Length > 0 ? silo.LastError : $"See {cluster.LogOf(silo.Seat)}.";
        return new DymesException(ErrorCode.NotReady, $"{silo.Seat.Name} ended with exit code {silo.ExitCode} before it was ready. {reason}");
    }

    private static string Names(IEnumerable<SiloChild> silos) => string.Join(", ", silos.Select(silo => silo.Seat.Name));
}
