using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Tests.Bugs;

/// <summary>Takes the longest log instead of the newest.</summary>
internal sealed class TakesTheLongestLog : Sabotage
{
    public override void Receives(SimulatedHost host, VsrMessage message, Action<VsrMessage> receive) =>
        receive(message is DoViewChange log ? log with { LogView = host.Running!.LogView } : message);
}

/// <summary>Says nothing of the newest entry when a primary is chosen.</summary>
internal sealed class ForgetsItsNewestEntry : Sabotage
{
    public override VsrMessage? Sends(SimulatedHost host, int to, VsrMessage message) =>
        message is DoViewChange { Suffix: var suffix } log && suffix.LastOp > suffix.BaseOp
            ? log with { Suffix = new LogSuffix(suffix.BaseOp, suffix.Checksums[..^1].ToArray()) }
            : message;
}

/// <summary>Begins a view with no more than what is committed.</summary>
internal sealed class StartsAViewWithoutItsTail : Sabotage
{
    public override VsrMessage? Sends(SimulatedHost host, int to, VsrMessage message) =>
        message is StartView { Suffix: var suffix } start ? start with { Suffix = new LogSuffix(suffix.BaseOp, suffix.Checksums[..1].ToArray()) } : message;
}

/// <summary>Takes the log of a view that is over for that of a view to come.</summary>
internal sealed class AcceptsAStaleStartView : Sabotage
{
    public override void Receives(SimulatedHost host, VsrMessage message, Action<VsrMessage> receive)
    {
        var view = host.Running!.View;
        if (message is StartView && message.View < view)
        {
            while (view.PrimaryOf(host.GroupSize) != message.From)
            {
                view = view.Next;
            }

            receive(message with { Envelope = message.Envelope with { View = view } });
            return;
        }

        receive(message);
    }
}
