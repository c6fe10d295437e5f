using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation.Networking;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Faults;

/// <summary>
/// Makes a replica leave its view for nothing: nobody hears that it has left, it loses its disk, and comes back in the view that it left. What it said may be heard much later.
/// </summary>
internal sealed class Defections(SimulatedCluster cluster, SurvivalBudget budget)
{
    private static readonly MessageKind[] Leaving = [MessageKind.StartViewChange, MessageKind.DoViewChange, MessageKind.StartView];

    public bool Make(PlannedFault fault, SimulatedHost host, Dice dice)
    {
        if (host.Running is not { Status: ReplicaStatus.ViewChange })
        {
            return Provoke(fault, dice);
        }

        if (dice.Chance(0.7))
        {
            cluster.Ambush.Lay(fault with { When = Moment.ViewChange, Luck = dice.Next() }); // and so does the next, when it hears of that after all
        }

        cluster.Network.Cuts.MendAll();
        var ways = CutShapes.AllWays(cluster.Plan.Replicas).Where(way => way.From == host.Number).ToList();
        var stays = cluster.Leading?.Number; // who leads the view that is left never hears of it
        var until = cluster.Queue.Now + cluster.Plan.Hasten(dice.Between(50_000, 300_000));
        foreach (var way in ways)
        {
            cluster.Network.Interference.Begin(new Stretch([way], Leaving, until, IsTaken: true, ComesLate: way.To != stays));
        }

        cluster.InStorm(cluster.Plan.Hasten(dice.Between(5_000, 60_000)), () => Lose(host, cluster.Plan.Hasten(dice.Between(1_000, 30_000))));
        return true;
    }

    // For as long as it takes the others to miss it, nobody hears the primary.
    private bool Provoke(PlannedFault fault, Dice dice)
    {
        if (cluster.Leading is not { } primary || cluster.Plan.Replicas < 3)
        {
            return false;
        }

        var ways = CutShapes.AllWays(cluster.Plan.Replicas).Where(way => way.From == primary.Number).ToList();
        cluster.Network.Cuts.Cut(ways);
        cluster.Queue.In(cluster.Plan.Hasten(dice.Between(300_000, 700_000)), () => cluster.Network.Cuts.Mend(ways));
        cluster.Ambush.Lay(fault with { When = Moment.ViewChange });
        return true;
    }

    private void Lose(SimulatedHost host, ulong down)
    {
        if (host.Running is not null && budget.Allows(host))
        {
            host.Crash();
            host.Disk.Wipe();
            host.Promises.Lose();
            cluster.Queue.In(down, host.Start);
        }
    }
}
