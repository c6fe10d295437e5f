using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Faults;

/// <summary>
/// Draws the plan of a seed. Not everything everywhere at once (swarm testing: Groce et al., ISSTA 2012): each seed leaves out about half of all kinds of faults, because a fault that
/// is always there hides what only its absence allows.
/// </summary>
internal static class SwarmDraw
{
    private const ulong Second = 1_000_000;
    private const ulong FormingMicroseconds = 150_000;
    private const int Haste = 5;
    private static readonly ReplicaSettings Usual = new();

    private static readonly ReplicaSettings Hasty = new()
    {
        HeartbeatMilliseconds = Usual.HeartbeatMilliseconds / Haste,
        SuspectMinMilliseconds = Usual.SuspectMinMilliseconds / Haste,
        SuspectMaxMilliseconds = Usual.SuspectMaxMilliseconds / Haste,
        ResendMilliseconds = Usual.ResendMilliseconds / Haste,
        GapMilliseconds = Usual.GapMilliseconds / Haste,
        TransferMilliseconds = Usual.TransferMilliseconds / Haste,
        DiskStallMilliseconds = Usual.DiskStallMilliseconds / Haste,
    };

    public static SimulationPlan Draw(SimulationSettings settings)
    {
        var dice = new Dice(settings.Seed ^ 0x5EED_0001);
        var drawn = Campaign.Draw(dice);
        var kind = settings.Campaign ?? drawn;
        var campaign = Campaign.Of(kind);
        var replicas = settings.Replicas ?? (kind == CampaignKind.Everything ? Pick(dice, 1, 2, 3, 3, 3, 3, 3, 5, 5, 7) : Pick(dice, 3, 3, 3, 3, 5, 5));
        var clients = dice.Chance(0.2) ? dice.Between(9, 16) : dice.Between(1, 8);
        var isHasty = dice.Chance(0.5);
        var storm = (ulong)dice.Between(3, 10) * Second / (isHasty ? 3UL : 1);
        var requests = settings.Requests ?? dice.Between(20, 800);
        return new SimulationPlan
        {
            Replicas = replicas,
            Clients = clients,
            SessionsMax = dice.Chance(0.1) ? dice.Between(3 + (clients / 2), clients + 4) : VsrLimits.SessionsMax,
            Requests = requests,
            ThinkMicroseconds = DrawThinking(dice, storm / (ulong)((requests / clients) + 1)),
            Settings = isHasty ? Hasty : Usual,
            Haste = isHasty ? (ulong)Haste : 1,
            TickMicroseconds = (ulong)(settings.TickMilliseconds ?? (isHasty ? 5 : Pick(dice, 5, 10, 10, 20))) * 1000,
            StormMicroseconds = storm,
            Network = DrawNetwork(dice, settings, isHasty),
            FlushMicroseconds = dice.Chance(0.3) && !isHasty ? (ulong)dice.Between(5_000, 40_000) : (ulong)dice.Between(50, 5_000),
            DriftMax = !settings.Without.Contains(FaultKind.ClockDrift) && dice.Chance(0.5) ? dice.Between(0.0, 0.05) : 0,
            Faults = [.. DrawFaults(dice, settings, campaign, replicas, storm, isHasty ? Haste : 1)],
        };
    }

    // As fast as can be, which is over soon; or so that there is always something on its way until the storm ends.
    private static ulong DrawThinking(Dice dice, ulong paced)
    {
        var quick = (ulong)dice.Between(1, 50) * 1000;
        return dice.Between(0, 3) switch
        {
            0 => 0,
            1 => quick,
            _ => paced,
        };
    }

    private static NetworkConditions DrawNetwork(Dice dice, SimulationSettings settings, bool isHasty) => new()
    {
        Loss = Rate(dice, settings, FaultKind.Loss, 0.3),
        Duplication = Rate(dice, settings, FaultKind.Duplication, 0.5),
        Corruption = Rate(dice, settings, FaultKind.Corruption, 0.02),
        Stragglers = Rate(dice, settings, FaultKind.Straggler, 0.01),
        Encoded = dice.Chance(0.1) ? 1 : 0.01,
        DelayMicroseconds = dice.Chance(0.5) || isHasty ? (ulong)dice.Between(50, 2_000) : (ulong)dice.Between(2_000, 100_000),
    };

    // Everything is drawn whether it is wanted or not, so that leaving one thing out leaves the others as they are.
    private static double Rate(Dice dice, SimulationSettings settings, FaultKind kind, double most)
    {
        var rate = dice.Between(0.0, most) * dice.Fraction();
        var isUsed = dice.Chance(0.5);
        return isUsed && !settings.Without.Contains(kind) ? rate : 0;
    }

    private static IEnumerable<PlannedFault> DrawFaults(Dice dice, SimulationSettings settings, Campaign campaign, int replicas, ulong storm, int haste)
    {
        var kinds = campaign.Kinds.Distinct().Where(_ => dice.Chance(campaign.Kept)).ToHashSet();
        var weighted = campaign.Kinds.Where(kinds.Contains).ToArray();
        var count = dice.Between(campaign.Fewest, campaign.Most);
        var at = 0UL;
        for (var number = 1; number <= (settings.Failures ?? count); number++)
        {
            at = number > 1 && dice.Chance(0.35) ? at + (ulong)(dice.Between(0, 60_000) / haste) : (ulong)(dice.Fraction() * storm);
            at = Math.Min(dice.Chance(0.05) ? at % FormingMicroseconds : at, storm - 1); // some while the group forms
            var kind = weighted.Length > 0 ? weighted[dice.Between(0, weighted.Length - 1)] : FaultKind.Crash;
            var lasts = dice.Chance(0.5) ? (ulong)dice.Between(1_000, 300_000) : (ulong)dice.Between(300_000, 3_000_000);
            lasts /= (ulong)haste;
            var fault = new PlannedFault(number, kind, at, lasts, dice.Between(0, replicas - 1), dice.Next()) { When = campaign.Moments[dice.Between(0, campaign.Moments.Count - 1)] };
            fault = kind == FaultKind.Defection ? fault with { When = Moment.AtOnce } : fault;
            if (!settings.Without.Contains(kind) && settings.Only?.Contains(number) != false)
            {
                yield return fault;
            }
        }
    }

    private static int Pick(Dice dice, params ReadOnlySpan<int> of) => of[dice.Between(0, of.Length - 1)];
}
