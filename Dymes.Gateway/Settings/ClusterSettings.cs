using Dymes.Programs.Configuration;

namespace Dymes.Gateway.Settings;

/// <summary>Where the storage nodes are.</summary>
public sealed class ClusterSettings
{
    /// <summary>The port of the storage node for gateways, on 127.0.0.1.</summary>
    [Setting("a silo's default", Min = "1", Max = "65535")]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>How long to wait between attempts to connect.</summary>
    [Setting("a silo starts in about two seconds", Min = "100ms", Max = "1m")]
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(1);
}
