using Dymes.Cluster.Tests.Node;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>Hurts a cluster under load, one fault after the other, and lets it come to itself in between: no fault comes while another member is not whole.</summary>
internal sealed class FaultRounds(SiloCluster cluster, ClusterHistory history, int seed, Action<string> tell)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TestRunMax = TimeSpan.FromMinutes(1);
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, int> _faults = [];

    /// <summary>Goes on for this long, then heals everything and compares what clients saw with what the nodes have.</summary>
    public async Task RunAsync(TimeSpan duration)
    {
        using var stop = new CancellationTokenSource();
        await cluster.UntilWholeAsync();
        await using var gateway = await NodeProcess.StartGatewayAsync(cluster.MemberOptions);
        Door[] doors = [.. cluster.Nodes.Select(node => node.Door), new Door("the gateway", gateway.Http, IsSteady: true)];
        var followers = Array.ConvertAll(doors, door => new DoorFollower(door, history));
        var clients = new ClusterClients(doors, history, seed).RunAsync(writers: 8, readers: 3, stop.Token);
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < duration && !clients.IsCompleted)
        {
            await HurtAsync(mayTakeLong: duration > TestRunMax);
            await cluster.UntilWholeAsync();
        }

        await stop.CancelAsync();
        await clients;
        await cluster.UntilWholeAsync();
        tell($"{history.Attempts.Count} appends: {history.Count(AttemptOutcome.Acknowledged)} acknowledged, {history.Count(AttemptOutcome.Refused)} refused, {history.Count(AttemptOutcome.Unknown)} unknown; "
            + $"{history.Reads} checked reads; {history.CursorPages} pages of cursors; longest silence {history.LongestSilence().TotalSeconds:0.00} s; faults: {string.Join(", ", _faults.OrderBy(fault => fault.Key).Select(fault => $"{fault.Value} {fault.Key}"))}");
        await history.CheckAsync(cluster, followers);
    }

    private async Task HurtAsync(bool mayTakeLong)
    {
        var node = cluster.Nodes[_random.Next(cluster.Nodes.Count)];
        var moment = TimeSpan.FromMilliseconds(_random.Next(100, 3000));
        switch (_random.Next(10))
        {
            case 0 or 1:
                Count("kills");
                await node.KillAsync();
                await PassAsync(moment);
                break;
            case 2:
                Count("kills of all");
                await cluster.KillAllAsync();
                break;
            case 3:
                Count("wiped disks");
                await node.KillAsync();
                node.Wipe();
                await PassAsync(moment);
                break;
            case 4:
                Count("freezes");
                node.Freeze();
                await PassAsync(moment);
                node.Thaw();
                break;
            case 5:
                Count("cuts");
                cluster.Isolate(node.Name);
                await PassAsync(moment);
                cluster.Heal();
                break;
            case 6:
                Count("cuts between two");
                cluster.Cut(node.Name, cluster.Nodes.First(other => other != node).Name);
                await PassAsync(moment);
                cluster.Heal();
                break;
            case 7 when mayTakeLong:
                Count("long cuts"); // the others vote it dead, and it ends itself
                cluster.Isolate(node.Name);
                await PassAsync(TimeSpan.FromSeconds(_random.Next(10, 30)));
                await node.Process.WaitForExitAsync();
                break;
            default:
                Count("stops");
                await node.StopAsync();
                await PassAsync(moment);
                break;
        }

        await PassAsync(TimeSpan.FromMilliseconds(_random.Next(500)));
    }

    private void Count(string fault) => _faults[fault] = _faults.GetValueOrDefault(fault) + 1;

    private static async Task PassAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(Look);
        for (var passed = TimeSpan.Zero; passed < time; passed += Look)
        {
            await timer.WaitForNextTickAsync();
        }
    }
}
