using Dymes.Client;
using Dymes.Cluster.Tests.Faults;

namespace Dymes.Benchmarks.Peers.SiloPeers;

/// <summary>Dymes, three silos; clients go to the one that leads, unless it is killed.</summary>
internal sealed class ThreeSilos : IPeer, IFailover
{
    private readonly SiloCluster _cluster;
    private readonly DymesClient[] _anyway;
    private DymesDoor _door;
    private SiloNode? _killed;

    private ThreeSilos(SiloCluster cluster, SiloNode primary)
    {
        (_cluster, _door) = (cluster, new DymesDoor(primary.Http));
        var addresses = cluster.Nodes.Select(node => node.Http).ToArray();
        _anyway =
        [
            .. addresses.Select((_, first) => new DymesClient(new DymesClientOptions
            {
                Addresses = [.. addresses[first..], .. addresses[..first]], AttemptTimeout = IFailover.AttemptTimeout, MakesIds = true,
            })),
        ];
    }

    public static PeerSystem System { get; } = new(
        "Dymes, 3 silos", "fsync at a majority before the ack", "defaults; members in a file", DymesPeers.Installation, async directory =>
        {
            var cluster = await SiloCluster.StartAsync(3, folder: directory);
            return new ThreeSilos(cluster, await cluster.PrimaryAsync());
        })
    {
        Nodes = 3,
        WarmUp = TimeSpan.FromSeconds(20),
        IsOurs = true,
        Pace = DymesPeers.Pace with { FillPerSecond = 80_000 },
    };

    public IReadOnlyList<IAppender> Singles => _door.Singles;

    public IReadOnlyList<ClientAppender> Batches => _door.Batches;

    public IReadOnlyList<IReader> Readers => _door.Readers;

    public IFailover? Failover => this;

    public IReadOnlyList<int> Processes => [.. _cluster.Nodes.Where(node => node.IsRunning).Select(node => node.Process.Id)];

    public IReadOnlyList<string> Directories => [.. _cluster.Nodes.Select(node => node.DataPath)];

    public Task<string?> AppendTreeAsync(int messages) => _door.AppendTreeAsync(messages);

    public Task StopAsync() => Task.WhenAll(_cluster.Nodes.Select(node => node.StopAsync()));

    public async Task StartAgainAsync()
    {
        await Task.WhenAll(_cluster.Nodes.Select(node => node.StartAsync()));
        _door.Dispose();
        _door = new DymesDoor((await _cluster.PrimaryAsync()).Http);
        await _door.AppendAsync();
    }

    public Task AppendAsync(int client, CancellationToken stop) =>
        FrameAppenders.AppendAsync(_anyway[client % _anyway.Length], FrameAppenders.Frame(client, Micro.SampleMessages.BodyBytes), 1, stop);

    public async Task KillPrimaryAsync()
    {
        _killed = await _cluster.PrimaryAsync();
        await _killed.KillAsync();
    }

    public async Task RestoreAsync()
    {
        await _killed!.StartAsync();
        await _cluster.UntilWholeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _door.Dispose();
        foreach (var client in _anyway)
        {
            client.Dispose();
        }

        await _cluster.DisposeAsync();
    }
}
