using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Tests.Bugs;

/// <summary>Two bugs of what comes in at once: the second sees what the first has made of it.</summary>
internal sealed class Both(Sabotage first, Sabotage second) : Sabotage
{
    public override void Receives(SimulatedHost host, VsrMessage message, Action<VsrMessage> receive) =>
        first.Receives(host, message, given => second.Receives(host, given, receive));
}
