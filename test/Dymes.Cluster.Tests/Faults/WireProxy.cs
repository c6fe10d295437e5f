using System.Net;
using System.Net.Sockets;

namespace Dymes.Cluster.Tests.Faults;

/// <summary>Stands before a silo's port and passes on what other silos send and what they are answered, each over its wire.</summary>
internal sealed class WireProxy : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _ending = new();
    private readonly int _target;
    private readonly Func<int, (Wire There, Wire Back)> _wiresOf;
    private readonly Task _accepting;

    /// <param name="port">Where it listens.</param>
    /// <param name="target">Where the silo does.</param>
    /// <param name="wiresOf">The wires of a connection, by the port that it comes from.</param>
    public WireProxy(int port, int target, Func<int, (Wire There, Wire Back)> wiresOf)
    {
        (_target, _wiresOf) = (target, wiresOf);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var source = await _listener.AcceptAsync(_ending.Token);
            _ = Task.Run(() => CarryAsync(source));
        }
    }

    private async Task CarryAsync(Socket source)
    {
        using var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (source)
        {
            try
            {
                var (there, back) = _wiresOf(((IPEndPoint)source.RemoteEndPoint!).Port);
                (source.NoDelay, target.NoDelay) = (true, true);
                await Task.WhenAll(there.WhenWhole, back.WhenWhole).WaitAsync(_ending.Token); // who connects sends and is answered
                await target.ConnectAsync(IPAddress.Loopback, _target, _ending.Token);
                await await Task.WhenAny(PumpAsync(source, target, there), PumpAsync(target, source, back));
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One of the two is gone; the other learns it by the end of its connection.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Wire wire)
    {
        var buffer = new byte[BufferBytes];
        int count;
        while ((count = await from.ReceiveAsync(buffer, _ending.Token)) > 0)
        {
            await wire.WhenWhole.WaitAsync(_ending.Token);
            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _ending.Token);
            }
        }
    }
}
