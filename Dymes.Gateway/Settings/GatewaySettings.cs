using Dymes.Hosting.Operating;
using Dymes.Programs.Logging;

namespace Dymes.Gateway.Settings;

/// <summary>The settings of a gateway, section by section.</summary>
public sealed class GatewaySettings
{
    public HttpSettings Http { get; } = new();

    public OpsSettings Metrics { get; } = new();

    public ClusterSettings Cluster { get; } = new();

    public LoggingSettings Logging { get; } = new();
}
