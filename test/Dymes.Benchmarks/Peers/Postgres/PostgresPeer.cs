using Dymes.Benchmarks.Micro;
using Dymes.Benchmarks.Peers.Running;
using Npgsql;

namespace Dymes.Benchmarks.Peers.Postgres;

/// <summary>PostgreSQL with a table of messages.</summary>
internal sealed class PostgresPeer : IPeer
{
    private const int Children = 10;
    private readonly PostgresServers _servers;
    private readonly NpgsqlDataSource _source;
    private readonly EventsTable _table;
    private readonly int _nodes;

    private PostgresPeer(PostgresServers servers, int nodes)
    {
        (_servers, _nodes, _source) = (servers, nodes, NpgsqlDataSource.Create(servers.Connection));
        _table = new EventsTable(_source);
        Singles = [new ClientAppender("Npgsql", load => Prepare(load, bodies => _table.AppendAsync(bodies.Next())))];
        Batches =
        [
            new ClientAppender("Npgsql, rows of one statement", load => Prepare(load, bodies => _table.AppendRowsAsync(load.Batch, bodies))),
            new ClientAppender("Npgsql, COPY", load => Prepare(load, bodies => _table.CopyAsync(load.Batch, bodies))),
        ];
        Readers = [new TableReader(_source, _table)];
    }

    public IReadOnlyList<IAppender> Singles { get; }

    public IReadOnlyList<ClientAppender> Batches { get; }

    public IReadOnlyList<IReader> Readers { get; }

    public string FailoverLack => _nodes == 1 ? "one node" : "no failover of its own: somebody else must promote a standby";

    public IReadOnlyList<int> Processes => _servers.Nodes.Processes;

    public IReadOnlyList<string> Directories => _servers.Nodes.Directories;

    public static async Task<IPeer> StartAsync(PostgresPrograms programs, string folder, int nodes)
    {
        var peer = new PostgresPeer(await PostgresServers.StartAsync(programs, folder, nodes), nodes);
        return await peer.StartedAsync(peer._table.CreateAsync);
    }

    public async Task<string?> AppendTreeAsync(int messages) => (await _table.AppendTreeAsync(messages, Children)).ToString();

    public async Task StopAsync()
    {
        _source.Clear();
        await _servers.StopAsync();
    }

    public async Task StartAgainAsync()
    {
        await _servers.StartAgainAsync();
        await _table.AppendAsync(SampleMessages.Body(0));
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _servers.DisposeAsync();
    }

    private static Func<int, Task> Prepare(AppendLoad load, Func<BodyCycle, Task> appendAsync)
    {
        var bodies = new BodyCycle(load.BodyBytes);
        return _ => appendAsync(bodies);
    }
}
