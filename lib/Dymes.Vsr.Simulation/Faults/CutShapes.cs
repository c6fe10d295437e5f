using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Faults;

/// <summary>The shapes in which a network falls apart, each as the ways that are cut.</summary>
internal static class CutShapes
{
    public static IReadOnlyList<(int From, int To)> Draw(FaultKind kind, int replica, int replicas, Dice dice)
    {
        var side = new bool[replicas];
        for (var i = 0; i < replicas; i++)
        {
            side[i] = dice.Chance(0.5);
        }

        var isOutward = dice.Chance(0.5);
        return [.. AllWays(replicas).Where(way => kind switch
        {
            FaultKind.Isolation => way.From == replica || way.To == replica,
            FaultKind.Split => side[way.From] != side[way.To],
            FaultKind.OneWayCut => isOutward ? way.From == replica : way.To == replica,
            _ => dice.Chance(0.3),
        })];
    }

    public static IEnumerable<(int From, int To)> AllWays(int replicas) =>
        from sender in Enumerable.Range(0, replicas)
        from receiver in Enumerable.Range(0, replicas)
        where sender != receiver
        select (sender, receiver);
}
