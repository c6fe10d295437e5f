using Dymes.Vsr.Simulation.Checking;
using Dymes.Vsr.Simulation.Faults;
using Dymes.Vsr.Simulation.Telling;

namespace Dymes.Vsr.Simulation;

/// <summary>What became of a run.</summary>
public sealed record SimulationResult
{
    /// <summary>What it was given.</summary>
    public required SimulationSettings Settings { get; init; }

    /// <summary>How many replicas there were.</summary>
    public required int Replicas { get; init; }

    /// <summary>The faults that were planned to strike at a time.</summary>
    public required IReadOnlyList<PlannedFault> Faults { get; init; }

    /// <summary>The rule that was broken; null where all held.</summary>
    public Violation? Violation { get; init; }

    /// <summary>Stands for all that happened: the same in every run of the same settings.</summary>
    public required ulong TraceHash { get; init; }

    /// <summary>How much time passed within the run, in microseconds.</summary>
    public required ulong SimulatedMicroseconds { get; init; }

    /// <summary>How many events there were.</summary>
    public required long Events { get; init; }

    /// <summary>How many entries were committed.</summary>
    public required ulong CommittedOps { get; init; }

    /// <summary>How many requests were acknowledged.</summary>
    public required int Acknowledged { get; init; }

    /// <summary>What happened at all.</summary>
    public required Coverage Coverage { get; init; }

    /// <summary>What happened when, where that was asked for.</summary>
    public Timeline? Timeline { get; init; }
}

/// <summary>A rule that did not hold.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Message">What was seen.</param>
/// <param name="Detail">The stack of a replica's own assertion; else empty.</param>
public sealed record Violation(Rule Rule, string Message, string Detail = "");
