using System.Globalization;
using Dymes.Gateway.Settings;
using Dymes.Membership;

namespace Dymes.Gateway;

/// <summary>Connects to the storage nodes, for as long as it takes, and says in the log what it waits for.</summary>
internal sealed partial class GatewayConnection(MembershipSource source, ClusterSettings settings, TimeProvider clock, ILogger<GatewayConnection> logger) : IClientConnectionRetryFilter
{
    private bool _hasTold;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (!_hasTold)
        {
            _hasTold = true;
            LogWaiting(PlaceOf(), exception.GetBaseException().Message);
        }

        await Task.Delay(settings.RetryInterval, clock, cancellationToken);
        return true;
    }

    private string PlaceOf() => source.Kind switch
    {
        MembershipKind.Localhost => string.Create(CultureInfo.InvariantCulture, $"on 127.0.0.1:{settings.GatewayPort} (cluster.gatewayPort)"),
        MembershipKind.Quorum => $"of {source.Replicas} (cluster.replicas)",
        MembershipKind.File => $"of those in {Path.GetFullPath(settings.MembershipFile)} (cluster.membershipFile)",
        MembershipKind.Redis => "of those in Redis (cluster.connection)",
        _ => "of those in PostgreSQL (cluster.connection)",
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "No storage node answers {Place}: {Reason} Trying until one does. Start dymes-silo, or name the silos in cluster.replicas.")]
    private partial void LogWaiting(string place, string reason);
}
