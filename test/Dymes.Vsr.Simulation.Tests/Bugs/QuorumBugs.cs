using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Tests.Bugs;

/// <summary>Counts an acknowledgement that came twice as those of two replicas.</summary>
internal sealed class CountsAPrepareOkTwice : Sabotage
{
    public override void Receives(SimulatedHost host, VsrMessage message, Action<VsrMessage> receive)
    {
        receive(message);
        if (message is PrepareOk)
        {
            var other = (message.From.Value + 1) % host.GroupSize;
            receive(message with { Envelope = message.Envelope with { From = new ReplicaNumber((byte)other) } }); // its own number is dropped
        }
    }
}

/// <summary>Takes f replicas for a majority.</summary>
internal sealed class QuorumOffByOne : Sabotage
{
    public override void Receives(SimulatedHost host, VsrMessage message, Action<VsrMessage> receive)
    {
        if (message is PrepareOk && host.Running is { IsPrimary: true } primary)
        {
            var nobody = (host.Number + 1) % host.GroupSize;
            receive(new PrepareOk(message.Envelope with { From = new ReplicaNumber((byte)nobody), View = primary.View }, primary.DurableOp, 0));
        }

        receive(message);
    }
}

/// <summary>Counts what was acknowledged in a view that it led before.</summary>
internal sealed class CountsAPrepareOkOfAnOlderView : Sabotage
{
    public override void Receives(SimulatedHost host, VsrMessage message, Action<VsrMessage> receive) =>
        receive(message is PrepareOk && host.Running is { IsPrimary: true } primary && message.View < primary.View
            ? message with { Envelope = message.Envelope with { View = primary.View } }
            : message);
}

/// <summary>Acknowledges the log of a view before it has taken it over.</summary>
internal sealed class AcknowledgesTheWrongLog : Sabotage
{
    public override VsrMessage? Sends(SimulatedHost host, int to, VsrMessage message) =>
        message is PrepareOk { Op: 0 } acknowledgement ? acknowledgement with { Op = host.Running!.DurableOp } : message;
}

/// <summary>Takes an entry for committed when it is prepared.</summary>
internal sealed class CommitsWhatIsOnlyPrepared : Sabotage
{
    public override void Receives(SimulatedHost host, VsrMessage message, Action<VsrMessage> receive) =>
        receive(message is Prepare prepare ? prepare with { CommitOp = prepare.Entry.Op } : message);
}

/// <summary>Serves a read because it believes to be the primary.</summary>
internal sealed class ServesReadsUnconfirmed : Sabotage
{
    public override bool ServesReadsAtOnce(SimulatedHost host) => host.Running!.IsPrimary;
}
