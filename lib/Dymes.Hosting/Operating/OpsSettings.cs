using Dymes.Programs.Configuration;

namespace Dymes.Hosting.Operating;

/// <summary>Where metrics, dashboard and health are shown to operators.</summary>
public sealed class OpsSettings
{
    /// <summary>The address to listen on.</summary>
    [Setting("what it shows is not for everybody; 0.0.0.0 lets all machines in")]
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>The port to listen on.</summary>
    [Setting("the original's", Min = "0", Max = "65535")]
    public int Port { get; set; } = 6502;
}
