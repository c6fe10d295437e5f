using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Dymes.Benchmarks.Peers.Nats;

/// <summary>A few connections that all clients of this process share, as the library is made for: it answers many requests at once over one.</summary>
internal sealed class NatsConnections : IAsyncDisposable
{
    public const string Stream = "events";
    private const int Count = 4;

    private static readonly string[] Subjects =
        [.. Enumerable.Range(0, SystemMessages.Channels).Select(channel => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Stream}.{channel}"))];

    private readonly NatsConnection[] _connections;
    private readonly NatsJSContext[] _contexts;
    private int _sent;

    public NatsConnections(string addresses)
    {
        _connections = [.. Enumerable.Range(0, Count).Select(_ => new NatsConnection(new NatsOpts
        {
            Url = addresses,

            // A pipeline may be longer than what a server that flushes every message acknowledges within the 5 s of the default.
            RequestTimeout = TimeSpan.FromMinutes(1),

            // A client whose server was killed must not be the reason of a gap: it goes to the next one at once.
            MaxReconnectRetry = -1,
            ReconnectWaitMin = TimeSpan.FromMilliseconds(10),
            ReconnectWaitMax = TimeSpan.FromMilliseconds(50),
            ReconnectJitter = TimeSpan.Zero,
        }))];
        _contexts = [.. _connections.Select(connection => new NatsJSContext(connection))];
    }

    /// <summary>For all but appends.</summary>
    public NatsJSContext Any => _contexts[0];

    public static string SubjectOf(int channel) => Subjects[channel];

    /// <summary>Appends single messages.</summary>
    public Func<int, Task> PrepareSingle(AppendLoad load)
    {
        var bodies = new BodyCycle(load.BodyBytes);
        return client => PublishAsync(client, (int)((uint)Interlocked.Increment(ref _sent) % SystemMessages.Channels), bodies.Next());
    }

    /// <summary>Appends batches: all messages are sent, then all acknowledgements are waited for.</summary>
    public Func<int, Task> PreparePipeline(AppendLoad load)
    {
        var bodies = new BodyCycle(load.BodyBytes);
        return client => Task.WhenAll(Enumerable.Range(0, load.Batch).Select(i => PublishAsync(client, i % SystemMessages.Channels, bodies.Next())));
    }

    public async Task PublishAsync(int client, int channel, byte[] body, CancellationToken stop = default)
    {
        var headers = new NatsHeaders { ["type"] = SystemMessages.Type, ["tenant"] = SystemMessages.Tenant };
        var answer = await _contexts[client % Count].PublishAsync(Subjects[channel], body, headers: headers, cancellationToken: stop);
        if (answer.Error is { } error)
        {
            throw new InvalidOperationException($"{error.Code}: {error.Description}");
        }
    }

    /// <summary>The number of the server that leads the stream.</summary>
    /// <exception cref="InvalidOperationException">None does at the moment.</exception>
    public async Task<int> LeaderAsync(int servers, CancellationToken stop = default)
    {
        var stream = await Any.GetStreamAsync(Stream, cancellationToken: stop);
        if (servers == 1)
        {
            return 0;
        }

        var leader = Enumerable.Range(0, servers).Where(number => NatsServers.NameOf(number) == stream.Info.Cluster?.Leader).ToArray();
        return leader.Length == 1 ? leader[0] : throw new InvalidOperationException("The stream has no leader.");
    }

    /// <summary>Whether the stream has all its replicas, none of which lags.</summary>
    public async Task<bool> IsWholeAsync(CancellationToken stop)
    {
        var stream = await Any.GetStreamAsync(Stream, cancellationToken: stop);
        return stream.Info.Cluster is { Leader: not null, Replicas: { } replicas } && replicas.All(replica => replica is { Current: true, Offline: not true });
    }

    public Task CreateStreamAsync(int replicas, CancellationToken stop) => Any.CreateOrUpdateStreamAsync(
        new StreamConfig(Stream, [$"{Stream}.>"]) { NumReplicas = replicas, Storage = StreamConfigStorage.File }, stop).AsTask();

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }
}
