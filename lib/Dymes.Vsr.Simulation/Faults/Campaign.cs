using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Faults;

/// <summary>
/// What the faults of a seed are drawn from. Of all kinds together two that would have to meet seldom do; so most seeds go after one part of the protocol, with the kinds and moments
/// that are dangerous there, and only the others take from all.
/// </summary>
/// <param name="Kinds">What strikes, the more often the more times it is here.</param>
/// <param name="Moments">What it waits for, likewise.</param>
/// <param name="Fewest">How many strike at least.</param>
/// <param name="Most">How many strike at most.</param>
/// <param name="Kept">How likely each kind is to be there at all.</param>
internal sealed record Campaign(IReadOnlyList<FaultKind> Kinds, IReadOnlyList<Moment> Moments, int Fewest, int Most, double Kept = 0.8)
{
    private static Campaign Everything { get; } = new(
        [
            FaultKind.Isolation, FaultKind.Isolation, FaultKind.Split, FaultKind.OneWayCut, FaultKind.OneWayCut, FaultKind.PartialCut,
            FaultKind.Crash, FaultKind.Crash, FaultKind.Crash, FaultKind.CrashWithinStep, FaultKind.CrashWithinStep, FaultKind.PowerCut, FaultKind.Pause,
            FaultKind.HandOver, FaultKind.RollingRestart, FaultKind.HeldBack, FaultKind.Echo, FaultKind.Replay, FaultKind.LostKind, FaultKind.Fork, FaultKind.Defection,
            FaultKind.FailedFlush, FaultKind.DiskStall, FaultKind.FlippedByte, FaultKind.FlippedByte, FaultKind.MisdirectedWrite, FaultKind.LostState, FaultKind.Wipe,
            FaultKind.ClockStep, FaultKind.ClientDeath,
        ],
        [Moment.AtOnce, Moment.AtOnce, Moment.AtOnce, Moment.AtOnce, Moment.ViewChange, Moment.Leads, Moment.Recovers, Moment.HasRecovered],
        0,
        30,
        Kept: 0.6);

    private static Campaign Losses { get; } = new(
        [
            FaultKind.Wipe, FaultKind.Wipe, FaultKind.Wipe, FaultKind.LostState, FaultKind.FlippedByte, FaultKind.HeldBack, FaultKind.HeldBack, FaultKind.Echo, FaultKind.Replay, FaultKind.Replay,
            FaultKind.Defection, FaultKind.Defection, FaultKind.Defection, FaultKind.LostKind, FaultKind.LostKind, FaultKind.Isolation, FaultKind.OneWayCut, FaultKind.PartialCut, FaultKind.Crash, FaultKind.HandOver,
        ],
        [Moment.AtOnce, Moment.ViewChange, Moment.ViewChange, Moment.Leads, Moment.Recovers, Moment.HasRecovered, Moment.HasRecovered],
        20,
        60);

    // It takes several steps, so little else goes wrong.
    private static Campaign Defections { get; } = new(
        [
            FaultKind.Defection, FaultKind.Defection, FaultKind.Defection, FaultKind.Defection, FaultKind.Replay, FaultKind.LostKind, FaultKind.HandOver, FaultKind.Crash, FaultKind.Wipe,
        ],
        [Moment.AtOnce, Moment.AtOnce, Moment.Recovers, Moment.Recovers, Moment.HasRecovered],
        3,
        20);

    private static Campaign Views { get; } = new(
        [
            FaultKind.HandOver, FaultKind.HandOver, FaultKind.HandOver, FaultKind.Isolation, FaultKind.OneWayCut, FaultKind.PartialCut, FaultKind.Split, FaultKind.Pause,
            FaultKind.Crash, FaultKind.CrashWithinStep, FaultKind.HeldBack, FaultKind.Replay, FaultKind.LostKind, FaultKind.LostKind, FaultKind.RollingRestart,
        ],
        [Moment.AtOnce, Moment.ViewChange, Moment.Leads, Moment.Leads, Moment.Leads],
        10,
        40);

    private static Campaign Forks { get; } = new(
        [
            FaultKind.Fork, FaultKind.Fork, FaultKind.Fork, FaultKind.Isolation, FaultKind.PartialCut, FaultKind.PartialCut, FaultKind.HandOver, FaultKind.HandOver, FaultKind.Crash,
            FaultKind.PowerCut, FaultKind.DiskStall, FaultKind.Replay, FaultKind.HeldBack, FaultKind.LostKind, FaultKind.LostKind, FaultKind.LostKind,
        ],
        [Moment.AtOnce, Moment.AtOnce, Moment.ViewChange, Moment.Leads, Moment.Leads],
        20,
        60);

    /// <summary>The kind of campaign of a seed.</summary>
    public static CampaignKind Draw(Dice dice) => dice.Between(0, 9) switch
    {
        < 2 => CampaignKind.Everything,
        < 4 => CampaignKind.Losses,
        < 6 => CampaignKind.Defections,
        < 7 => CampaignKind.Views,
        _ => CampaignKind.Forks,
    };

    public static Campaign Of(CampaignKind kind) => kind switch
    {
        CampaignKind.Losses => Losses,
        CampaignKind.Defections => Defections,
        CampaignKind.Views => Views,
        CampaignKind.Forks => Forks,
        _ => Everything,
    };
}
