using Dymes.Gateway.Settings;

namespace Dymes.Gateway;

/// <summary>Connects to the storage nodes, for as long as it takes, and says in the log what it waits for.</summary>
internal sealed partial class GatewayConnection(ClusterSettings settings, TimeProvider clock, ILogger<GatewayConnection> logger) : IClientConnectionRetryFilter
{
    private bool _hasTold;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (!_hasTold)
        {
            _hasTold = true;
            LogWaiting(settings.GatewayPort, exception.GetBaseException().Message);
        }

        await Task.Delay(settings.RetryInterval, clock, cancellationToken);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No storage node answers on 127.0.0.1:{Port} ({Reason}); trying until one does. Start dymes-silo, or set cluster.gatewayPort.")]
    private partial void LogWaiting(int port, string reason);
}
