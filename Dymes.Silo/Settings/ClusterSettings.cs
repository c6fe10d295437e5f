using Dymes.Programs.Configuration;

namespace Dymes.Silo.Settings;

/// <summary>How silos and gateways find and reach each other.</summary>
public sealed class ClusterSettings
{
    /// <summary>The port for other silos, on 127.0.0.1.</summary>
    [Setting("Orleans' usual one", Min = "1", Max = "65535")]
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port for gateways, on 127.0.0.1.</summary>
    [Setting("Orleans' usual one", Min = "1", Max = "65535")]
    public int GatewayPort { get; set; } = 30000;
}
