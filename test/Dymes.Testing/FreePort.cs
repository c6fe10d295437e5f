using System.Net;
using System.Net.Sockets;

namespace Dymes.Testing;

/// <summary>Ports of 127.0.0.1 for servers of tests.</summary>
public static class FreePort
{
    // Below what systems give to connections that go out: a port that is free now is not taken by one of those before the server listens.
    private const int First = 10_000;
    private const int Last = 29_999;

    private static int Next = Environment.ProcessId * 64; // processes side by side begin elsewhere

    /// <summary>A port that nobody listens on at the moment, and that no other call gives before it has been around.</summary>
    public static int Take()
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
