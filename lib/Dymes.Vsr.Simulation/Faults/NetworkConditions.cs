namespace Dymes.Vsr.Simulation.Faults;

/// <summary>What a network does to messages all the time.</summary>
internal sealed record NetworkConditions
{
    public required double Loss { get; init; }

    public required double Duplication { get; init; }

    public required double Corruption { get; init; }

    /// <summary>How often a message is seconds late.</summary>
    public required double Stragglers { get; init; }

    /// <summary>How often a message goes through its bytes: on all ways of the product, here often enough to find what they would lose.</summary>
    public required double Encoded { get; init; }

    public required ulong DelayMicroseconds { get; init; }

    /// <summary>The conditions of the second half of a run.</summary>
    public static NetworkConditions Healed { get; } = new()
    {
        Loss = 0,
        Duplication = 0,
        Corruption = 0,
        Stragglers = 0,
        Encoded = 0,
        DelayMicroseconds = 500,
    };
}
