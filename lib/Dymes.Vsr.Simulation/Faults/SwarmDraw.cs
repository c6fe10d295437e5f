using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Faults;

/// <summary>
/// Draws the plan of a seed. Not everything everywhere at once (swarm testing: Groce et al., ISSTA 2012): each seed leaves out about half of all kinds of faults, because a fault that
/// is always there hides what only its absence allows.
/// </summary>
internal static class SwarmDraw
{
    private const ulong Second = 1_000_000;
    private const int FailuresMax = 30;

    // What strikes at a time, the more often the more times it is here.
    private static readonly FaultKind[] Strikes =
    [
        FaultKind.Isolation, FaultKind.Isolation, FaultKind.Split, FaultKind.OneWayCut, FaultKind.OneWayCut, FaultKind.PartialCut,
        FaultKind.Crash, FaultKind.Crash, FaultKind.Crash, FaultKind.CrashWithinStep, FaultKind.CrashWithinStep, FaultKind.PowerCut, FaultKind.Pause,
        FaultKind.FailedFlush, FaultKind.DiskStall, FaultKind.FlippedByte, FaultKind.FlippedByte, FaultKind.MisdirectedWrite, FaultKind.LostState, FaultKind.Wipe,
        FaultKind.ClockStep, FaultKind.ClientDeath,
    ];

    public static SimulationPlan Draw(SimulationSettings settings)
    {
        var dice = new Dice(settings.Seed ^ 0x5EED_0001);
        var replicas = settings.Replicas ?? Pick(dice, 1, 2, 3, 3, 3, 3, 3, 5, 5, 7);
        var clients = dice.Chance(0.2) ? dice.Between(9, 16) : dice.Between(1, 8);
        var storm = (ulong)dice.Between(3, 10) * Second;
        return new SimulationPlan
        {
            Replicas = replicas,
            Clients = clients,
            SessionsMax = dice.Chance(0.1) ? dice.Between(3 + (clients / 2), clients + 4) : VsrLimits.SessionsMax,
            Requests = settings.Requests ?? dice.Between(20, 800),
            ThinkMicroseconds = dice.Chance(0.5) ? 0 : (ulong)dice.Between(1, 50) * 1000,
            TickMicroseconds = (ulong)(settings.TickMilliseconds ?? Pick(dice, 5, 10, 10, 20)) * 1000,
            StormMicroseconds = storm,
            Network = DrawNetwork(dice, settings),
            FlushMicroseconds = dice.Chance(0.3) ? (ulong)dice.Between(5_000, 40_000) : (ulong)dice.Between(50, 5_000),
            DriftMax = !settings.Without.Contains(FaultKind.ClockDrift) && dice.Chance(0.5) ? dice.Between(0.0, 0.05) : 0,
            Faults = [.. DrawFaults(dice, settings, replicas, storm)],
        };
    }

    private static NetworkConditions DrawNetwork(Dice dice, SimulationSettings settings) => new()
    {
        Loss = Rate(dice, settings, FaultKind.Loss, 0.3),
        Duplication = Rate(dice, settings, FaultKind.Duplication, 0.5),
        Corruption = Rate(dice, settings, FaultKind.Corruption, 0.02),
        Stragglers = Rate(dice, settings, FaultKind.Straggler, 0.01),
        Encoded = dice.Chance(0.1) ? 1 : 0.01,
        DelayMicroseconds = dice.Chance(0.5) ? (ulong)dice.Between(50, 2_000) : (ulong)dice.Between(2_000, 100_000),
    };

    // Everything is drawn whether it is wanted or not, so that leaving one thing out leaves the others as they are.
    private static double Rate(Dice dice, SimulationSettings settings, FaultKind kind, double most)
    {
        var rate = dice.Between(0.0, most) * dice.Fraction();
        var isUsed = dice.Chance(0.5);
        return isUsed && !settings.Without.Contains(kind) ? rate : 0;
    }

    private static IEnumerable<PlannedFault> DrawFaults(Dice dice, SimulationSettings settings, int replicas, ulong storm)
    {
        var kinds = Strikes.Distinct().Where(_ => dice.Chance(0.6)).ToHashSet();
        var weighted = Strikes.Where(kinds.Contains).ToArray();
        var count = dice.Between(0, FailuresMax);
        var at = 0UL;
        for (var number = 1; number <= (settings.Failures ?? count); number++)
        {
            at = number > 1 && dice.Chance(0.35) ? at + (ulong)dice.Between(0, 60_000) : (ulong)(dice.Fraction() * storm);
            at = Math.Min(at, storm - 1);
            var kind = weighted.Length > 0 ? weighted[dice.Between(0, weighted.Length - 1)] : FaultKind.Crash;
            var lasts = dice.Chance(0.5) ? (ulong)dice.Between(1_000, 300_000) : (ulong)dice.Between(300_000, 3_000_000);
            var fault = new PlannedFault(number, kind, at, lasts, dice.Between(0, replicas - 1), dice.Next());
            if (!settings.Without.Contains(kind) && settings.Only?.Contains(number) != false)
            {
                yield return fault;
            }
        }
    }

    private static int Pick(Dice dice, params ReadOnlySpan<int> of) => of[dice.Between(0, of.Length - 1)];
}
