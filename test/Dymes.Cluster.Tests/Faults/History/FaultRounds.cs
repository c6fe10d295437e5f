using Dymes.Client;
using Dymes.Cluster.Tests.Node;
using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>Hurts a cluster under load, one fault after the other, and lets it come to itself in between: no fault comes while another member is not whole.</summary>
internal sealed class FaultRounds(SiloCluster cluster, ClusterHistory history, int seed, Action<string> tell)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, int> _faults = [];

    /// <summary>Goes on for this long, then heals everything and compares what clients saw with what the nodes have.</summary>
    public async Task RunAsync(TimeSpan duration)
    {
        using var stop = new CancellationTokenSource();
        await UntilWholeAsync();
        await using var gateway = await NodeProcess.StartGatewayAsync(cluster.MemberOptions);
        Door[] doors = [.. cluster.Nodes.Select(node => new Door(node.Name, node.Http)), new Door("the gateway", gateway.Http, IsSteady: true)];
        var clients = new ClusterClients(doors, history, seed).RunAsync(writers: 8, readers: 3, stop.Token);
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < duration && !clients.IsCompleted)
        {
            await HurtAsync();
            await UntilWholeAsync();
        }

        await stop.CancelAsync();
        await clients;
        await UntilWholeAsync();
        await CompareAsync();
        tell($"{history.Appends} appends: {history.Count(AttemptOutcome.Acknowledged)} acknowledged, {history.Count(AttemptOutcome.Refused)} refused, {history.Count(AttemptOutcome.Unknown)} unknown; "
            + $"{history.Reads} checked reads; {history.CursorPages} pages of cursors; longest silence {history.LongestSilence().TotalSeconds:0.00} s; faults: {string.Join(", ", _faults.OrderBy(fault => fault.Key).Select(fault => $"{fault.Value} {fault.Key}"))}");
        Assert.Empty(history.Violations);
    }

    private async Task HurtAsync()
    {
        var node = cluster.Nodes[_random.Next(cluster.Nodes.Count)];
        var moment = TimeSpan.FromMilliseconds(_random.Next(100, 3000));
        switch (_random.Next(7))
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
            default:
                Count("stops");
                await node.StopAsync();
                await PassAsync(moment);
                break;
        }

        await PassAsync(TimeSpan.FromMilliseconds(_random.Next(500)));
    }

    // All run, all are members, and none lags.
    private async Task UntilWholeAsync()
    {
        await cluster.StartAllAsync();
        foreach (var node in cluster.Nodes)
        {
            await cluster.UntilAsync(node, IsWhole, "all replicas are whole");
        }
    }

    private static bool IsWhole(ClusterReport report) =>
        report.Primary is not null && report.Replicas.All(replica => replica.Progress is { Status: ReplicaState.Normal, Disk: LogCondition.Ready, Lag: < 100 });

    private async Task CompareAsync()
    {
        var logs = new List<List<string>>();
        foreach (var node in cluster.Nodes)
        {
            using var client = new DymesClient(new DymesClientOptions { Addresses = [node.Http] });
            var log = new List<string>();
            await foreach (var page in client.QueryAsync(new MessageQuery()))
            {
                foreach (var frame in page)
                {
                    log.Add(System.Text.Json.JsonSerializer.Deserialize<string>(frame.Body)!);
                }
            }

            logs.Add(log);
        }

        for (var number = 1; number < logs.Count; number++)
        {
            if (!logs[number].SequenceEqual(logs[0]))
            {
                history.Violate($"{cluster.Nodes[number].Name} has another log than {cluster.Nodes[0].Name}: {logs[number].Count} messages, and {logs[0].Count}");
            }
        }

        history.Check(logs[0]);
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
