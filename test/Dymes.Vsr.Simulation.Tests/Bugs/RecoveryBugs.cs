using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation.Disks;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Tests.Bugs;

/// <summary>Takes a damaged end of its log for a torn write, and cuts it off.</summary>
internal sealed class TakesDamageForATornTail : Sabotage
{
    public override FoundDisk Opens(SimulatedHost host, FoundDisk found)
    {
        if (found is not { Condition: DiskCondition.Damaged, State: not null })
        {
            return found;
        }

        host.Disk.CutAfter(found.LastOp);
        return found with { Condition = DiskCondition.Whole };
    }
}

/// <summary>Goes on with an empty hard state where its own is lost.</summary>
internal sealed class BeginsANewHardState : Sabotage
{
    public override FoundDisk Opens(SimulatedHost host, FoundDisk found)
    {
        if (found is not { Condition: DiskCondition.Damaged, State: null })
        {
            return found;
        }

        host.Disk.CutAfter(found.LastOp);
        return found with { Condition = DiskCondition.Whole, State = new DurableState(new ViewNumber(1), new ViewNumber(1), false, Incarnations.None, 0) };
    }
}

/// <summary>Takes an empty disk for that of a replica that has promised nothing yet.</summary>
internal sealed class TakesAWipedDiskForANewOne : Sabotage
{
    public override FoundDisk Opens(SimulatedHost host, FoundDisk found) =>
        found.Condition == DiskCondition.Blank ? new FoundDisk(DiskCondition.Whole, new DurableState(default, default, false, Incarnations.None, 0), 0) : found;
}

/// <summary>Does not write down that it is recovering.</summary>
internal sealed class ForgetsThatItRecovers : Sabotage
{
    public override DurableState? Persists(DurableState? before, DurableState state) => state with { IsRecovering = false };
}

/// <summary>Votes while it recovers.</summary>
internal sealed class VotesWhileRecovering : Sabotage
{
    public override VsrMessage? Sends(SimulatedHost host, int to, VsrMessage message) =>
        message is Recover && host.Running is { View.Value: > 0 } ? new StartViewChange(message.Envelope) : message;
}

/// <summary>Draws the same nonces in each of its lives, so that it takes answers to questions of an earlier one.</summary>
internal sealed class ReusesItsNonces : Sabotage
{
    public override ulong Seeds(SimulatedHost host, ulong seed) => (ulong)host.Number;
}

/// <summary>Tells a replica that recovers the view whose log it has, not the newest that it is in.</summary>
internal sealed class AnswersRecoveryWithAnOlderView : Sabotage
{
    public override VsrMessage? Sends(SimulatedHost host, int to, VsrMessage message) =>
        message is RecoverReply { Standing: Standing.Member } ? message with { Envelope = message.Envelope with { View = host.Running!.LogView } } : message;
}

/// <summary>Counts a log whose sender has lost its memory since it sent it.</summary>
internal sealed class CountsLogsOfEveryIncarnation : Sabotage
{
    public override void Receives(SimulatedHost host, VsrMessage message, Action<VsrMessage> receive) =>
        receive(message is DoViewChange log ? log with { Incarnations = Incarnations.None.With(log.From, uint.MaxValue) } : message);
}
