using Dymes.Benchmarks.Micro;
using Dymes.Benchmarks.Peers.Running;

namespace Dymes.Benchmarks.Peers.Nats;

/// <summary>NATS JetStream, one stream.</summary>
internal sealed class NatsPeer : IPeer, IFailover
{
    private static readonly TimeSpan CreationTimeout = TimeSpan.FromSeconds(5); // what the servers ask their disks for first may take longer than an append
    private readonly PeerNodes _nodes;
    private readonly int[] _ports;
    private readonly NatsConnections _anyway;
    private NatsConnections _leader;
    private int _killed;

    private NatsPeer(PeerNodes nodes, int[] ports)
    {
        (_nodes, _ports) = (nodes, ports);
        _anyway = new NatsConnections(string.Join(',', ports.Select(NatsServers.AddressOf)));
        _leader = _anyway;
        Singles = [new ClientAppender("NATS.Net", load => _leader.PrepareSingle(load))];
        Batches = [new ClientAppender("NATS.Net, pipelined", load => _leader.PreparePipeline(load))];
        Readers = [new NatsReader(() => _leader)];
    }

    public IReadOnlyList<IAppender> Singles { get; }

    public IReadOnlyList<ClientAppender> Batches { get; }

    public IReadOnlyList<IReader> Readers { get; }

    public IFailover? Failover => _ports.Length == 1 ? null : this;

    public IReadOnlyList<int> Processes => _nodes.Processes;

    public IReadOnlyList<string> Directories => _nodes.Directories;

    public static async Task<IPeer> StartAsync(string program, string folder, int replicas, bool isFlushed)
    {
        var ports = FreePorts.Next(replicas);
        var peer = new NatsPeer(NatsServers.Create(program, folder, ports, isFlushed), ports);
        return await peer.StartedAsync(() => peer.StartAsync(replicas));
    }

    public Task StopAsync() => _nodes.StopAsync();

    public async Task StartAgainAsync()
    {
        _nodes.Start();
        await GoToLeaderAsync();
        await Until.AnsweredAsync(_nodes.All, async stop =>
        {
            await AppendAsync(0, stop);
            return true;
        });
    }

    public Task AppendAsync(int client, CancellationToken stop)
    {
        var body = SampleMessages.Body(client);
        return Attempts.UntilDoneAsync(client, (number, attempt) => _anyway.PublishAsync(number, client, body, attempt), stop);
    }

    public async Task KillPrimaryAsync()
    {
        _killed = await _anyway.LeaderAsync(_ports.Length);
        await _nodes.All[_killed].KillAsync();
    }

    public async Task RestoreAsync()
    {
        _nodes.All[_killed].Start();
        await Until.AnsweredAsync(_nodes.All, async stop => await _anyway.IsWholeAsync(stop) ? true : throw new InvalidOperationException("A replica lags."));
    }

    public async ValueTask DisposeAsync()
    {
        await _anyway.DisposeAsync();
        await _leader.DisposeAsync();
        await _nodes.DisposeAsync();
    }

    private async Task StartAsync(int replicas)
    {
        _nodes.Start();
        await Until.AnsweredAsync(_nodes.All, async stop =>
        {
            await _anyway.CreateStreamAsync(replicas, stop);
            return true;
        }, CreationTimeout);
        await GoToLeaderAsync();
    }

    private async Task GoToLeaderAsync()
    {
        var leader = await Until.AnsweredAsync(_nodes.All, stop => _anyway.LeaderAsync(_ports.Length, stop));
        if (_leader != _anyway)
        {
            await _leader.DisposeAsync();
        }

        _leader = _ports.Length == 1 ? _anyway : new NatsConnections(NatsServers.AddressOf(_ports[leader]));
    }
}
