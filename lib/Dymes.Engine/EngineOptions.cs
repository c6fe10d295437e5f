using Dymes.MessageStore;

namespace Dymes.Engine;

/// <summary>How an engine keeps and takes messages.</summary>
public sealed record EngineOptions
{
    /// <summary>Where and how files are kept.</summary>
    public required StoreOptions Store { get; init; }

    /// <summary>The most frame bytes that may wait for the writer; more are refused as overloaded. 8 MiB to 4 GiB; 64 MiB: a tenth of a second of a fast disk.</summary>
    public long QueueBytesMax { get; init; } = 64L << 20;

    /// <summary>The most requests that may wait for the writer; more are refused as overloaded. 1 to 1,048,576.</summary>
    public int QueueRequestsMax { get; init; } = 65_536;

    /// <summary>How many idempotency keys are remembered, the newest ones. 1,000 to 10,000,000; each costs about 100 bytes of memory.</summary>
    public int IdempotencyKeysMax { get; init; } = 100_000;
}
