using System.Net;
using System.Net.Sockets;

namespace Dymes.Cluster.Tests.Node;

/// <summary>The four ports of a node, on 127.0.0.1. A node that is restarted keeps them, as its clients expect.</summary>
public sealed record NodePorts(int Http, int Ops, int Silo, int Gateway)
{
    /// <summary>Ports that nobody listens on at the moment. All four are held until the last is found, so that they differ.</summary>
    public static NodePorts Free()
    {
        var listeners = Enumerable.Range(0, 4).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            var ports = listeners.Select(listener =>
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }).ToArray();
            return new NodePorts(ports[0], ports[1], ports[2], ports[3]);
        }
        finally
        {
            foreach (var listener in listeners)
            {
                listener.Dispose();
            }
        }
    }
}
