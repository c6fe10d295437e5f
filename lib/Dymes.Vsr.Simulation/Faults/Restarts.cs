using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Faults;

/// <summary>Restarts that somebody wants: the primary hands over, the replica goes on for a little while, stops, and is started again.</summary>
internal sealed class Restarts(SimulatedCluster cluster)
{
    /// <summary>One hands over; often without stopping then, for somebody has changed his mind.</summary>
    public bool HandOver(SimulatedHost host, Dice dice)
    {
        var primary = host.Running is { IsPrimary: true } ? host : cluster.Leading;
        if (primary is null)
        {
            return false;
        }

        primary.HandOver();
        if (dice.Chance(0.4))
        {
            cluster.InStorm(cluster.Plan.Hasten(dice.Between(5_000, 300_000)), () => Stop(primary, cluster.Plan.Hasten(dice.Between(1_000, 500_000))));
        }

        return true;
    }

    /// <summary>One after the other, as when a new version is rolled out.</summary>
    public bool Roll(Dice dice)
    {
        RollOn(0, dice);
        return true;
    }

    private void RollOn(int number, Dice dice)
    {
        if (number == cluster.Hosts.Count)
        {
            return;
        }

        var host = cluster.Hosts[number];
        host.HandOver();
        cluster.InStorm(cluster.Plan.Hasten(dice.Between(5_000, 200_000)), () => Stop(host, cluster.Plan.Hasten(dice.Between(1_000, 200_000))));
        cluster.InStorm(cluster.Plan.Hasten(dice.Between(100_000, 800_000)), () => RollOn(number + 1, dice));
    }

    private void Stop(SimulatedHost host, ulong down)
    {
        if (host.Running is not null)
        {
            host.Crash();
            cluster.Queue.In(down, host.Start);
        }
    }
}
