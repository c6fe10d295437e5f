using System.Globalization;

namespace Dymes.Vsr.Simulation.Faults;

/// <summary>A fault that strikes at a time.</summary>
/// <param name="Number">Its place in the plan of its seed: names it when a run is repeated with fewer faults.</param>
/// <param name="Kind">What goes wrong.</param>
/// <param name="AtMicroseconds">When, in simulated time, at the earliest.</param>
/// <param name="ForMicroseconds">How long it lasts, where it lasts.</param>
/// <param name="Replica">Whom it strikes, where it strikes one.</param>
/// <param name="Luck">Decides the rest.</param>
public sealed record PlannedFault(int Number, FaultKind Kind, ulong AtMicroseconds, ulong ForMicroseconds, int Replica, ulong Luck)
{
    /// <summary>What it waits for from that time on.</summary>
    public Moment When { get; init; }

    /// <summary>The fault as one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"#{Number} at {AtMicroseconds / 1e6:0.000} s{(When == Moment.AtOnce ? "" : $" or at the next {When}")}: {Kind} of replica {Replica}, for {ForMicroseconds / 1e6:0.000} s");
}
