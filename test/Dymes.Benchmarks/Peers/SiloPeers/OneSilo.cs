using Dymes.Benchmarks.Node;

namespace Dymes.Benchmarks.Peers.SiloPeers;

/// <summary>Dymes, one silo.</summary>
internal sealed class OneSilo : IPeer
{
    private readonly BenchNode _node;
    private readonly DymesDoor _door;

    private OneSilo(BenchNode node) => (_node, _door) = (node, new DymesDoor(node.Address));

    public static PeerSystem System { get; } = new(
        "Dymes, 1 silo", "fsync before the ack", "defaults", DymesPeers.Installation, async directory => new OneSilo(await BenchNode.StartAsync(directory)))
    {
        WarmUp = TimeSpan.FromSeconds(10),
        IsOurs = true,
        Pace = DymesPeers.Pace,
    };

    public IReadOnlyList<IAppender> Singles => _door.Singles;

    public IReadOnlyList<ClientAppender> Batches => _door.Batches;

    public IReadOnlyList<IReader> Readers => _door.Readers;

    public IReadOnlyList<int> Processes => [_node.Process.Id];

    public IReadOnlyList<string> Directories => [_node.DataPath];

    public Task<string?> AppendTreeAsync(int messages) => _door.AppendTreeAsync(messages);

    public Task StopAsync() => _node.StopAsync();

    public async Task StartAgainAsync()
    {
        await _node.StartAgainAsync();
        await _door.AppendAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _door.Dispose();
        await _node.DisposeAsync();
    }
}
