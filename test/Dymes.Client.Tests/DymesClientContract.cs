using Dymes.Client.Tests.Nodes;
using Dymes.Message.Log;
using Dymes.Testing.Contract;
using Dymes.Testing.Model;

namespace Dymes.Client.Tests;

/// <summary>Everything that a log promises, over HTTP and a real connection.</summary>
public sealed class DymesClientContract : MessageLogContract
{
    private TestNode? _node;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }

    protected override async ValueTask<IMessageLog> OpenAsync(TimeProvider clock)
    {
        _node = await TestNode.StartAsync(new InMemoryMessageLog(clock));
        return new DymesClient(new DymesClientOptions { Addresses = [_node.Address] });
    }
}
