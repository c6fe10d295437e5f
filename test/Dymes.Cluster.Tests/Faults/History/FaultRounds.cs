using System.Globalization;
using Dymes.Cluster.Tests.Node;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>Hurts a cluster under load, one fault after the other, and lets it come to itself in between: no fault comes while another member is not whole.</summary>
internal sealed class FaultRounds(SiloCluster cluster, ClusterHistory history, int seed, Action<string> tell)
{
    private static readonly TimeSpan TestRunMax = TimeSpan.FromMinutes(1);
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, int> _counts = [];
    private TimeSpan _longestMending;

    /// <summary>Goes on for this long, then heals everything and compares what clients saw with what the nodes have.</summary>
    public async Task RunAsync(TimeSpan duration)
    {
        using var stop = new CancellationTokenSource();
        await cluster.UntilWholeAsync();
        await using var gateway = await NodeProcess.StartGatewayAsync(cluster.GatewayOptions);
        Door[] doors = [.. cluster.Nodes.Select(node => node.Door), new Door("the gateway", gateway.Http, IsSteady: true)];
        var followers = Array.ConvertAll(doors, door => new DoorFollower(door, history));
        var clients = new ClusterClients(doors, history, seed).RunAsync(writers: 8, readers: 3, stop.Token);
        var started = TimeProvider.System.GetTimestamp();
        var faults = new SiloFaults(cluster, _random, mayTakeLong: duration > TestRunMax);
        while (TimeProvider.System.GetElapsedTime(started) < duration && !clients.IsCompleted && history.Violations.Count == 0)
        {
            await HurtAsync(faults);
            await MendAsync();
        }

        await stop.CancelAsync();
        await clients;
        await cluster.UntilWholeAsync();
        tell($"{history.Attempts.Count} appends: {history.Count(AttemptOutcome.Acknowledged)} acknowledged, {history.Count(AttemptOutcome.Refused)} refused, {history.Count(AttemptOutcome.Unknown)} unknown; "
            + $"{history.Reads} checked reads; {history.CursorPages} pages of cursors; longest silence {history.LongestSilence().TotalSeconds:0.00} s; longest mending {_longestMending.TotalSeconds:0.0} s; faults: {string.Join(", ", _counts.OrderBy(fault => fault.Key).Select(fault => $"{fault.Value} {fault.Key}"))}");
        await history.CheckAsync(cluster, followers);
    }

    private async Task HurtAsync(SiloFaults faults)
    {
        var node = cluster.Nodes[_random.Next(cluster.Nodes.Count)];
        var (name, strike) = faults.Next();
        _counts[name] = _counts.GetValueOrDefault(name) + 1;
        tell(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {name}: {node.Name}"));
        await strike(node);
        await SiloFaults.PassAsync(TimeSpan.FromMilliseconds(_random.Next(3000))); // who is gone stays away for a while, and who is back goes on
    }

    private async Task MendAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        await cluster.UntilWholeAsync();
        var time = TimeProvider.System.GetElapsedTime(began);
        _longestMending = time > _longestMending ? time : _longestMending;
        Assert.Empty(cluster.Nodes.SelectMany(node => node.Crashes));
    }
}
