using Dymes.Vsr.Simulation;

namespace Dymes.Tools.Simulating;

/// <summary>What is to be simulated, and what is to be told of it.</summary>
internal sealed record SimulationOrder
{
    /// <summary>The settings of the first seed.</summary>
    public required SimulationSettings Settings { get; init; }

    /// <summary>How many seeds, counted up from the first.</summary>
    public required int Count { get; init; }

    public required int Threads { get; init; }

    public required bool ShowsTrace { get; init; }

    public required bool Shrinks { get; init; }

    public string? PicturePath { get; init; }

    /// <summary>Whether what never happened fails the run.</summary>
    public required bool MustCover { get; init; }

    public required bool IsJson { get; init; }
}
