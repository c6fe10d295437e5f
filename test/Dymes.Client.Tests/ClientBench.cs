using Dymes.Client.Tests.Nodes;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Model;

namespace Dymes.Client.Tests;

/// <summary>A node, a network that fails as told, and a client whose waits take no time.</summary>
public abstract class ClientBench : IAsyncLifetime
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(9);

    private readonly List<DymesClient> _clients = [];
    private TestNode? _node;

    protected InMemoryMessageLog Log { get; } = new();

    protected FaultyNetwork Network { get; } = new();

    protected EagerClock Clock { get; } = new(LongestWait);

    protected Uri Address => _node!.Address;

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync(Log);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _clients.ForEach(client => client.Dispose());
        await _node!.DisposeAsync();
    }

    protected DymesClient Connect(Func<DymesClientOptions, DymesClientOptions>? change = null)
    {
        var options = new DymesClientOptions { Addresses = [Address] };
        var client = new DymesClient(change is null ? options : change(options), Network, Clock);
        _clients.Add(client);
        return client;
    }

    /// <summary>The bodies that are in the log, whatever the client says.</summary>
    protected Task<List<string>> StoredAsync() => Log.BodiesAsync(new LogSelection());

    /// <summary>An id of 2020.</summary>
    protected static MessageId OldId(int number) => new(MessageId.FirstAt(1_580_000_000_000).Value + (UInt128)number);
}
