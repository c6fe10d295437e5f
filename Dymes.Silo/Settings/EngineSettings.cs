using Dymes.Engine;
using Dymes.MessageStore;
using Dymes.Programs.Configuration;

namespace Dymes.Silo.Settings;

/// <summary>How many appends may wait, and how many keys are remembered.</summary>
public sealed class EngineSettings
{
    private static readonly EngineOptions Defaults = new() { Store = new StoreOptions { Directory = "" } };

    /// <summary>The most frame bytes that wait for the disk.</summary>
    [Setting("a tenth of a second of a fast disk; more is refused as overloaded", Min = "8MiB", Max = "4GiB")]
    public long QueueBytesMax { get; set; } = Defaults.QueueBytesMax;

    /// <summary>The most requests that wait for the disk.</summary>
    [Setting("more clients than a node serves at a time", Min = "1", Max = "1048576")]
    public int QueueRequestsMax { get; set; } = Defaults.QueueRequestsMax;

    /// <summary>How many idempotency keys are remembered.</summary>
    [Setting("minutes of retries; each takes about 100 bytes of memory", Min = "1000", Max = "10000000")]
    public int IdempotencyKeysMax { get; set; } = Defaults.IdempotencyKeysMax;
}
