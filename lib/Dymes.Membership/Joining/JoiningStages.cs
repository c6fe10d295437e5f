namespace Dymes.Membership.Joining;

/// <summary>When during a silo's start its checks run: after the table can be read, before others hear of this silo; and once more before it counts.</summary>
internal static class JoiningStages
{
    /// <summary>Silos that are gone are declared dead.</summary>
    public const int Bury = ServiceLifecycleStage.RuntimeGrainServices + 50;

    /// <summary>Those that are left must be of the same group.</summary>
    public const int Compare = Bury + 10;

    /// <summary>Whoever started at the same time has its row in the table by now, as this silo has: one of the two sees the other.</summary>
    public const int CompareAgain = ServiceLifecycleStage.BecomeActive - 20;
}
