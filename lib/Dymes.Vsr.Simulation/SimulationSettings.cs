using Dymes.Vsr.Simulation.Faults;

namespace Dymes.Vsr.Simulation;

/// <summary>What a run is given; all else follows from the seed.</summary>
public sealed record SimulationSettings
{
    /// <summary>The same seed and settings are the same run, event by event.</summary>
    public required ulong Seed { get; init; }

    /// <summary>1 to <see cref="VsrLimits.ReplicasMax"/>; null to let the seed decide.</summary>
    public int? Replicas { get; init; }

    /// <summary>Which part of the protocol the faults go after; null to let the seed decide.</summary>
    public CampaignKind? Campaign { get; init; }

    /// <summary>How many faults strike, 0 or more; null to let the seed decide.</summary>
    public int? Failures { get; init; }

    /// <summary>How many requests the clients make in all, 1 or more; null to let the seed decide.</summary>
    public int? Requests { get; init; }

    /// <summary>How often replicas are told the time, in milliseconds; null to let the seed decide.</summary>
    public int? TickMilliseconds { get; init; }

    /// <summary>Kinds of faults that do not happen.</summary>
    public IReadOnlySet<FaultKind> Without { get; init; } = new HashSet<FaultKind>();

    /// <summary>Of the faults that strike at a time only those with these numbers; null for all.</summary>
    public IReadOnlySet<int>? Only { get; init; }

    /// <summary>Whether the run is recorded, for a timeline: much slower.</summary>
    public bool IsTold { get; init; }
}
