using Dymes.Client;
using Dymes.Programs.Configuration;
using Dymes.Programs.Logging;

namespace Dymes.Tools.Options;

/// <summary>What a file that <c>--config</c> names may say. It may be a node's own file: the tool takes the node's address and the log from it.</summary>
internal sealed class ToolSettings
{
    public ClientSettings Client { get; } = new();

    public NodeAddressSettings Http { get; } = new();

    // A tool prints what it was asked for; of itself it tells trouble only.
    public LoggingSettings Logging { get; } = new() { Level = LoggingLevel.Warn };
}

/// <summary>How the tool reaches its node.</summary>
internal sealed class ClientSettings
{
    /// <summary>The node's base address, or several with commas between; empty: it is <c>http.host</c> and <c>http.port</c>.</summary>
    [Setting("a node on this machine has none to name")]
    public string Url { get; set; } = "";

    /// <summary>How long to try again when the node does not answer; null: what suits the command.</summary>
    [Setting("as suits the command: status at once, a tail for a day", Min = "0s", Max = "1d")]
    public TimeSpan? Retry { get; set; }
}

/// <summary>Where a node of this machine listens, in the words of its own file.</summary>
internal sealed class NodeAddressSettings
{
    /// <summary>The address that the node listens on.</summary>
    [Setting("a node's default")]
    public string Host { get; set; } = DymesClientOptions.DefaultAddress.Host;

    /// <summary>The port that the node listens on.</summary>
    [Setting("a node's default", Min = "0", Max = "65535")]
    public int Port { get; set; } = DymesClientOptions.DefaultAddress.Port;
}
