using System.Globalization;
using Dymes.Benchmarks.Micro;
using Dymes.Benchmarks.Peers.Running;
using StackExchange.Redis;

namespace Dymes.Benchmarks.Peers.Redis;

/// <summary>Redis, one stream for all channels: that is what keeps their messages in one order.</summary>
internal sealed class RedisPeer : IPeer
{
    public const string Stream = "events";
    private readonly PeerNodes _nodes;
    private readonly string _address;
    private ConnectionMultiplexer? _connection;
    private int _sent;

    private RedisPeer(PeerNodes nodes, string address)
    {
        (_nodes, _address) = (nodes, address);
        Singles = [new ClientAppender("StackExchange.Redis", PrepareSingle)];
        Batches = [new ClientAppender("StackExchange.Redis, pipelined", PreparePipeline)];
        Readers = [new RedisReader(() => Database)];
    }

    public IReadOnlyList<IAppender> Singles { get; }

    public IReadOnlyList<ClientAppender> Batches { get; }

    public IReadOnlyList<IReader> Readers { get; }

    public IReadOnlyList<int> Processes => _nodes.Processes;

    public IReadOnlyList<string> Directories => _nodes.Directories;

    private IDatabase Database => _connection!.GetDatabase();

    public static async Task<IPeer> StartAsync(string program, string folder)
    {
        var port = FreePorts.Next().ToString(CultureInfo.InvariantCulture);
        var nodes = PeerNodes.Create(folder, 1, (_, directory) =>
            [program, "--bind", "127.0.0.1", "--port", port, "--dir", directory, "--appendonly", "yes", "--appendfsync", "always", "--save", ""]);
        var peer = new RedisPeer(nodes, $"127.0.0.1:{port}");
        return await peer.StartedAsync(() =>
        {
            peer._nodes.Start();
            return peer.ConnectAsync();
        });
    }

    public Task StopAsync() => _nodes.StopAsync();

    public async Task StartAgainAsync()
    {
        _nodes.Start();
        await ConnectAsync();
        await Until.AnsweredAsync(_nodes.All, _ => AppendAsync(Database, SampleMessages.Body(0)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        await _nodes.DisposeAsync();
    }

    private async Task ConnectAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        _connection = await Until.AnsweredAsync(_nodes.All, _ => ConnectionMultiplexer.ConnectAsync($"{_address},abortConnect=true,connectTimeout=500,syncTimeout=60000,asyncTimeout=60000"));
        await Until.AnsweredAsync(_nodes.All, _ => Database.StreamLengthAsync(Stream)); // it refuses everything until it has read its file
    }

    private Func<int, Task> PrepareSingle(AppendLoad load)
    {
        var (database, bodies) = (Database, new BodyCycle(load.BodyBytes));
        return _ => AppendAsync(database, bodies.Next());
    }

    private Func<int, Task> PreparePipeline(AppendLoad load)
    {
        var (database, bodies) = (Database, new BodyCycle(load.BodyBytes));
        return _ => Task.WhenAll(Enumerable.Range(0, load.Batch).Select(_ => AppendAsync(database, bodies.Next())));
    }

    private Task<RedisValue> AppendAsync(IDatabase database, byte[] body) => database.StreamAddAsync(
        Stream,
        [
            new NameValueEntry("channel", (int)((uint)Interlocked.Increment(ref _sent) % SystemMessages.Channels)),
            new NameValueEntry("type", SystemMessages.Type),
            new NameValueEntry("tenant", SystemMessages.Tenant),
            new NameValueEntry("body", body),
        ]);
}
