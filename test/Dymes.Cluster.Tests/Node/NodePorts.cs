using Dymes.Testing;

namespace Dymes.Cluster.Tests.Node;

/// <summary>The four ports of a node, on 127.0.0.1. A node that is restarted keeps them, as its clients expect.</summary>
public sealed record NodePorts(int Http, int Ops, int Silo, int Gateway)
{
    /// <summary>Ports that nobody listens on at the moment.</summary>
    public static NodePorts Free() => new(FreePort.Take(), FreePort.Take(), FreePort.Take(), FreePort.Take());
}
