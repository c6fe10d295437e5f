using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Faults;

/// <summary>Faults that wait for a moment. One strikes when the first replica comes to it, at once or a little later, that replica or the one it was planned for.</summary>
internal sealed class Ambush(SimulatedCluster cluster, Action<PlannedFault> strike)
{
    private const ulong Own = 0xA3B5;
    private readonly List<PlannedFault> _waiting = [];

    public void Lay(PlannedFault fault) => _waiting.Add(fault);

    public void Came(Moment moment, int replica)
    {
        var place = _waiting.FindIndex(fault => fault.When == moment);
        if (place < 0)
        {
            return;
        }

        var fault = _waiting[place];
        _waiting.RemoveAt(place);
        var dice = new Dice(fault.Luck ^ Own);
        var isItself = fault.Kind == FaultKind.Defection; // of the replica that leaves its view, while it leaves
        var target = isItself || dice.Chance(0.6) ? replica : fault.Replica;
        var later = isItself ? 0 : dice.Chance(0.5) ? dice.Between(0, 5_000) : dice.Between(0, 100_000);
        cluster.Coverage.Count(moment);
        cluster.Queue.In(cluster.Plan.Hasten(later), () => strike(fault with { Replica = target }));
    }
}
