using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dymes.Http;

/// <summary>
/// Kestrel's sockets, but a server that stops first accepts whoever has connected already, since a system resets the connections that nobody accepted when listening ends, and between the end
/// of listening and the closing of connections there is time for a <see cref="LameDuck"/>.
/// </summary>
internal sealed class LeavingSockets(IOptions<SocketTransportOptions> options, ILoggerFactory logs, LameDuck server) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(options, logs);

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket? listening = null;
        options.Value.CreateBoundListenSocket = endpoint => listening = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        var connections = await _sockets.BindAsync(endpoint, cancellationToken).ConfigureAwait(false);
        return new Listener(connections, listening!, server);
    }

    private sealed class Listener(IConnectionListener connections, Socket listening, LameDuck server) : IConnectionListener
    {
        private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(1);

        public EndPoint EndPoint => connections.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            var connection = await connections.AcceptAsync(cancellationToken).ConfigureAwait(false);
            if (connection is not null)
            {
                server.Opened();
                connection.ConnectionClosed.UnsafeRegister(static server => ((LameDuck)server!).Closed(), server);
            }

            return connection;
        }

        // Kestrel closes the connections that are left when this returns.
        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            for (var waited = TimeSpan.Zero; waited < server.Patience && listening.Poll(0, SelectMode.SelectRead); waited += Turn)
            {
                await Task.Delay(Turn, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }

            await connections.UnbindAsync(cancellationToken).ConfigureAwait(false);
            await server.LeaveAsync(cancellationToken).ConfigureAwait(false);
        }

        public ValueTask DisposeAsync() => connections.DisposeAsync();
    }
}
