using Dymes.Http;
using Dymes.Programs.Configuration;

namespace Dymes.Hosting.Operating;

/// <summary>The HTTP front door. A silo has one more setting, whether there is one.</summary>
public class HttpSettings
{
    private static readonly HttpLimits Defaults = new();

    /// <summary>The address to listen on.</summary>
    [Setting("there is no login yet; 0.0.0.0 lets all machines in")]
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>The port to listen on.</summary>
    [Setting("the original's", Min = "0", Max = "65535")]
    public int Port { get; set; } = 6510;

    /// <summary>The most connections.</summary>
    [Setting("each takes some ten KiB", Min = "1", Max = "1000000")]
    public int ConnectionsMax { get; set; } = Defaults.ConnectionsMax;

    /// <summary>The most bytes of large requests held at a time.</summary>
    [Setting("more is answered 503 rather than swapped", Min = "16MiB", Max = "16GiB")]
    public long BufferedBytesMax { get; set; } = Defaults.BufferedBytesMax;

    /// <summary>The most subscriptions at a time.</summary>
    [Setting("each holds a page of messages", Min = "1", Max = "100000")]
    public int SubscriptionsMax { get; set; } = Defaults.SubscriptionsMax;

    /// <summary>The most batches and imports at a time.</summary>
    [Setting("each holds up to ten MiB; of those up to 64 KiB, 64 count as one", Min = "1", Max = "10000")]
    public int BatchesMax { get; set; } = Defaults.BatchesMax;

    /// <summary>How long requests under way may take to end when the process stops.</summary>
    [Setting("shorter than the patience of service managers", Min = "1s", Max = "5m")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The limits as the front door takes them.</summary>
    public HttpLimits ToLimits() => Defaults with
    {
        ConnectionsMax = ConnectionsMax,
        BufferedBytesMax = BufferedBytesMax,
        SubscriptionsMax = SubscriptionsMax,
        BatchesMax = BatchesMax,
    };
}
