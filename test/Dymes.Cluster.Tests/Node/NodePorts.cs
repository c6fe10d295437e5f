using System.Net;
using System.Net.Sockets;

namespace Dymes.Cluster.Tests.Node;

/// <summary>The four ports of a node, on 127.0.0.1. A node that is restarted keeps them, as its clients expect.</summary>
public sealed record NodePorts(int Http, int Ops, int Silo, int Gateway)
{
    // Below what systems give to connections that go out: a port that is free now is not taken by one of those before the node listens.
    private const int First = 10_000;
    private const int Last = 29_999;

    private static int Next = Environment.ProcessId * 64; // processes side by side begin elsewhere

    /// <summary>Ports that nobody listens on at the moment, and that no other call gives before it has been around.</summary>
    public static NodePorts Free() => new(FreePort(), FreePort(), FreePort(), FreePort());

    private static int FreePort()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref Next) % (Last - First));
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // somebody's
            }
        }
    }
}
