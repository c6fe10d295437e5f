using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Dymes.Http;

/// <summary>Kestrel's sockets, but between the end of listening and the closing of connections there is time for a <see cref="LameDuck"/>.</summary>
internal sealed class LeavingSockets(SocketTransportFactory sockets, LameDuck server) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await sockets.BindAsync(endpoint, cancellationToken).ConfigureAwait(false), server);

    private sealed class Listener(IConnectionListener sockets, LameDuck server) : IConnectionListener
    {
        public EndPoint EndPoint => sockets.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            var connection = await sockets.AcceptAsync(cancellationToken).ConfigureAwait(false);
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
            await sockets.UnbindAsync(cancellationToken).ConfigureAwait(false);
            await server.LeaveAsync(cancellationToken).ConfigureAwait(false);
        }

        public ValueTask DisposeAsync() => sockets.DisposeAsync();
    }
}
