using Dymes.Engine;
using Dymes.Vsr;

namespace Dymes.Replication;

/// <summary>How a member of a group keeps and takes messages.</summary>
public sealed record ReplicaOptions
{
    /// <summary>Which member of which group it is. The store's cluster id must be the group's.</summary>
    public required ReplicaIdentity Identity { get; init; }

    /// <summary>Where files are kept, and what may wait.</summary>
    public required EngineOptions Engine { get; init; }

    /// <summary>The times of the protocol.</summary>
    public ReplicaSettings Settings { get; init; } = new();

    /// <summary>How long an append waits for a primary before it is refused, or its outcome is said to be unknown. 1 to 60 seconds; longer than a view change.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}
