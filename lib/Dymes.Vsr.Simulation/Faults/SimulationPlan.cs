namespace Dymes.Vsr.Simulation.Faults;

/// <summary>All that a seed decides before a run begins. Times are microseconds of simulated time, rates are probabilities.</summary>
internal sealed record SimulationPlan
{
    public required int Replicas { get; init; }

    public required int Clients { get; init; }

    /// <summary>How many sessions the replicas remember; fewer than clients means that some are forgotten.</summary>
    public required int SessionsMax { get; init; }

    /// <summary>How many requests the clients make.</summary>
    public required int Requests { get; init; }

    /// <summary>How long a client waits on average before it asks for the next thing.</summary>
    public required ulong ThinkMicroseconds { get; init; }

    /// <summary>The replicas' times.</summary>
    public required ReplicaSettings Settings { get; init; }

    /// <summary>How many times as fast as usual everything but the machines is, so that more views fit into a run.</summary>
    public required ulong Haste { get; init; }

    public required ulong TickMicroseconds { get; init; }

    /// <summary>How long faults strike, before a majority is healed.</summary>
    public required ulong StormMicroseconds { get; init; }

    public required NetworkConditions Network { get; init; }

    public required ulong FlushMicroseconds { get; init; }

    public required double DriftMax { get; init; }

    public required IReadOnlyList<PlannedFault> Faults { get; init; }

    /// <summary>f: how many replicas may have lost something at a time.</summary>
    public int LossesMax => (Replicas - 1) / 2;

    /// <summary>A time of usual length, in this run.</summary>
    public ulong Hasten(int microseconds) => (ulong)microseconds / Haste;

    public int Quorum => (Replicas / 2) + 1;
}
