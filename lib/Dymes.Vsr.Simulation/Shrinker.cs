using Dymes.Vsr.Simulation.Faults;

namespace Dymes.Vsr.Simulation;

/// <summary>Makes a run that breaks a rule smaller: it leaves out faults as long as the same rule is still broken (delta debugging: Zeller, Hildebrandt 2002).</summary>
public static class Shrinker
{
    private static readonly FaultKind[] Rates =
        [FaultKind.Straggler, FaultKind.Corruption, FaultKind.Duplication, FaultKind.Loss, FaultKind.ClockDrift];

    /// <summary>The settings of a run with as few faults as were found to be needed.</summary>
    /// <param name="broken">A run that broke a rule.</param>
    /// <param name="cancelled">Is asked whether to make do with what was reached.</param>
    public static SimulationSettings Shrink(SimulationResult broken, Func<bool>? cancelled = null) => Shrink(broken, settings => Simulator.Run(settings), cancelled);

    internal static SimulationSettings Shrink(SimulationResult broken, Func<SimulationSettings, SimulationResult> run, Func<bool>? cancelled = null)
    {
        var rule = broken.Violation?.Rule;
        return LeaveOutRates(LeaveOutStrikes(broken, Breaks, cancelled), Breaks, cancelled);

        bool Breaks(SimulationSettings settings) => run(settings).Violation?.Rule == rule;
    }

    private static SimulationSettings LeaveOutRates(SimulationSettings settings, Func<SimulationSettings, bool> breaks, Func<bool>? cancelled)
    {
        foreach (var kind in Rates)
        {
            var less = settings with { Without = new HashSet<FaultKind>(settings.Without) { kind } };
            settings = cancelled?.Invoke() != true && breaks(less) ? less : settings;
        }

        return settings;
    }

    // Ever smaller pieces of the faults are left out, until no single one can be.
    private static SimulationSettings LeaveOutStrikes(SimulationResult broken, Func<SimulationSettings, bool> breaks, Func<bool>? cancelled)
    {
        var kept = broken.Faults.Select(fault => fault.Number).ToList();
        for (var piece = Math.Max(1, kept.Count / 2); kept.Count > 0; piece = Math.Max(1, piece / 2))
        {
            var before = kept.Count;
            for (var at = 0; at < kept.Count && cancelled?.Invoke() != true;)
            {
                var less = kept.Where((_, place) => place < at || place >= at + piece).ToList();
                if (breaks(broken.Settings with { Only = less.ToHashSet() }))
                {
                    kept = less;
                }
                else
                {
                    at += piece;
                }
            }

            if (piece == 1 && kept.Count == before)
            {
                break;
            }
        }

        return broken.Settings with { Only = kept.ToHashSet() };
    }
}
