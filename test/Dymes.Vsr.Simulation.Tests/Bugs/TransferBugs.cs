using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Tests.Bugs;

/// <summary>Gives entries to replicas of any view, and takes them from replicas of any view as if they were of its own.</summary>
internal sealed class TakesEntriesOfAnotherLog : Sabotage
{
    public override void Receives(SimulatedHost host, VsrMessage message, Action<VsrMessage> receive) =>
        receive(message switch
        {
            GetState => message with { Envelope = InViewOf(host, message) },
            NewState state => state with { Envelope = InViewOf(host, message), LogView = host.Running!.View },
            _ => message,
        });

    private static Envelope InViewOf(SimulatedHost host, VsrMessage message) => message.Envelope with { View = host.Running!.View };
}

/// <summary>Gives entries to replicas of any view, and says of all of them that they are committed.</summary>
internal sealed class TakesAllEntriesForFinal : Sabotage
{
    public override void Receives(SimulatedHost host, VsrMessage message, Action<VsrMessage> receive) =>
        receive(message switch
        {
            GetState => message with { Envelope = InViewOf(host, message) },
            NewState { Entries: [.., var last] } state => state with { Envelope = InViewOf(host, message), CommitOp = Math.Max(state.CommitOp, last.Op) },
            _ => message,
        });

    private static Envelope InViewOf(SimulatedHost host, VsrMessage message) => message.Envelope with { View = host.Running!.View };
}

/// <summary>Takes over the log of a view without comparing it with its own: what it has is the view's, whatever the checksums say.</summary>
internal sealed class AdoptsWithoutComparing : Sabotage
{
    public override void Receives(SimulatedHost host, VsrMessage message, Action<VsrMessage> receive) =>
        receive(message is StartView start ? start with { Suffix = Bend(start.Suffix, host) } : message);

    private static LogSuffix Bend(LogSuffix suffix, SimulatedHost host)
    {
        var checksums = suffix.Checksums.ToArray();
        for (var op = suffix.BaseOp; op <= Math.Min(suffix.LastOp, host.Disk.LastOp); op++)
        {
            checksums[op - suffix.BaseOp] = op == 0 ? 0 : host.Disk.Log[(int)op - 1].Checksum;
        }

        return new LogSuffix(suffix.BaseOp, checksums);
    }
}

/// <summary>Appends what the primary prepared behind whatever it has.</summary>
internal sealed class IgnoresTheParentChecksum : Sabotage
{
    /// <summary>How often an entry's parent was another than the one that it was put behind.</summary>
    public int Ignored { get; private set; }

    public override void Receives(SimulatedHost host, VsrMessage message, Action<VsrMessage> receive) =>
        receive(message is Prepare prepare && prepare.View == host.Running!.View ? prepare with { Entry = Graft(prepare.Entry, host) } : message);

    private LogEntry Graft(LogEntry entry, SimulatedHost host)
    {
        if (host.Running is not { Status: ReplicaStatus.Normal, IsPrimary: false } replica || entry.Op != replica.LastOp + 1 || replica.DurableOp != replica.LastOp)
        {
            return entry;
        }

        var parent = replica.LastOp == 0 ? 0 : host.Disk.Log[^1].Checksum;
        if (entry.Header.ParentChecksum == parent)
        {
            return entry;
        }

        Ignored++;
        return LogEntry.Seal(entry.Header with { ParentChecksum = parent }, entry.Body);
    }
}
