using Dymes.Benchmarks.Peers.Running;

namespace Dymes.Benchmarks.Peers.Etcd;

/// <summary>An etcd cluster.</summary>
internal sealed class EtcdPeer : IPeer, IFailover
{
    private readonly PeerNodes _nodes;
    private readonly EtcdConnections[] _members;
    private EtcdConnections _leader;
    private int _killed;

    private EtcdPeer(PeerNodes nodes, int[] ports)
    {
        _nodes = nodes;
        _members = [.. ports.Select(port => new EtcdConnections(EtcdMembers.AddressOf(port)))];
        _leader = _members[0];
        Singles = [new ClientAppender("gRPC", load => _leader.PrepareSingle(load))];
        Batches = [new ClientAppender("gRPC, transactions", load => _leader.PrepareTransaction(load))];
        Readers = [new EtcdReader(() => _leader)];
    }

    public IReadOnlyList<IAppender> Singles { get; }

    public IReadOnlyList<ClientAppender> Batches { get; }

    public IReadOnlyList<IReader> Readers { get; }

    public IFailover? Failover => _members.Length == 1 ? null : this;

    public IReadOnlyList<int> Processes => _nodes.Processes;

    public IReadOnlyList<string> Directories => _nodes.Directories;

    public static async Task<IPeer> StartAsync(string program, string folder, int members)
    {
        var ports = FreePorts.Next(members);
        var peer = new EtcdPeer(EtcdMembers.Create(program, folder, ports), ports);
        return await peer.StartedAsync(peer.StartAgainAsync);
    }

    public Task StopAsync() => _nodes.StopAsync();

    public async Task StartAgainAsync()
    {
        _nodes.Start();
        _leader = _members[await Until.AnsweredAsync(_nodes.All, LeaderAsync)];
        await Until.AnsweredAsync(_nodes.All, async stop =>
        {
            // The status lies beside the messages, so that a reader of all counts what was appended.
            await _leader.ProbeAsync(stop);
            return true;
        });
    }

    public Task AppendAsync(int client, CancellationToken stop) =>
        Attempts.UntilDoneAsync(client, (number, attempt) => _members[number % _members.Length].PutAsync(client, attempt), stop);

    public async Task KillPrimaryAsync()
    {
        _killed = await Until.AnsweredAsync(_nodes.All, LeaderAsync);
        await _nodes.All[_killed].KillAsync();
    }

    public async Task RestoreAsync()
    {
        _nodes.All[_killed].Start();
        await Until.AnsweredAsync(_nodes.All, async stop =>
        {
            await _members[_killed].ProbeAsync(stop);
            return true;
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            member.Dispose();
        }

        await _nodes.DisposeAsync();
    }

    private async Task<int> LeaderAsync(CancellationToken stop)
    {
        for (var number = 0; number < _members.Length; number++)
        {
            if (await _members[number].IsLeaderAsync(stop))
            {
                return number;
            }
        }

        throw new InvalidOperationException("No member leads.");
    }
}
