using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation.Networking;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Faults;

/// <summary>
/// Makes the ends of logs differ: for a moment a primary is heard by one backup only and its own disk stands still, then it goes down, and the backup is cut off. What is newest is on
/// the disk of that backup alone, while the others go on without it.
/// </summary>
internal sealed class Forks(SimulatedCluster cluster)
{
    public bool Make(PlannedFault fault, Dice dice)
    {
        if (cluster.Leading is not { } primary || cluster.Plan.Replicas < 3)
        {
            return false;
        }

        var place = dice.Between(0, cluster.Plan.Replicas - 2);
        var backup = place < primary.Number ? place : place + 1;
        var lasts = cluster.Plan.Hasten(dice.Between(20_000, 300_000));
        var away = lasts + fault.ForMicroseconds;
        Isolate(way => IsBetween(way, primary.Number, backup), lasts);
        primary.Disk.LogLane.StalledUntil = cluster.Queue.Now + lasts;
        cluster.Network.Interference.Begin(new Stretch([(backup, primary.Number)], [], cluster.Queue.Now + lasts, IsTaken: dice.Chance(0.5), ComesLate: true));
        if (dice.Chance(0.6))
        {
            // Who lacks entries then gets them of that backup or of nobody.
            var others = CutShapes.AllWays(cluster.Plan.Replicas).Where(way => way.From != backup).ToHashSet();
            cluster.Network.Interference.Begin(new Stretch(others, [MessageKind.NewState], cluster.Queue.Now + away + cluster.Plan.Hasten(1_000_000), IsTaken: true, ComesLate: false));
        }

        cluster.InStorm(lasts, () =>
        {
            if (primary.Running is not null)
            {
                primary.Crash();
                cluster.Queue.In(cluster.Plan.Hasten(dice.Between(1_000, 300_000)), primary.Start);
            }

            Isolate(way => way.From == backup || way.To == backup, away - lasts);
        });
        return true;
    }

    // Neither the pair hears the others, nor they the pair.
    private static bool IsBetween((int From, int To) way, int one, int other) => (way.From == one || way.From == other) != (way.To == one || way.To == other);

    private void Isolate(Func<(int From, int To), bool> isCut, ulong microseconds)
    {
        var ways = CutShapes.AllWays(cluster.Plan.Replicas).Where(isCut).ToList();
        cluster.Network.Cuts.Cut(ways);
        cluster.Queue.In(microseconds, () => cluster.Network.Cuts.Mend(ways));
    }
}
