using Dymes.Common;
using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Protocol;

/// <summary>VRR 4.1, a backup's part of normal operation: appends what the primary prepared, in order, and says so once it is on disk.</summary>
internal sealed class BackupRole(ReplicaCore core)
{
    private readonly LogEntry?[] _early = new LogEntry?[VsrLimits.PipelineEntriesMax];
    private ulong _acknowledged;
    private ulong _round;

    /// <summary>The highest op that the primary is known to have committed.</summary>
    public ulong KnownCommit { get; private set; }

    /// <summary>The highest op that the primary is known to have prepared.</summary>
    public ulong KnownLastOp { get; private set; }

    /// <summary>When an entry was first seen to be missing; null where none is.</summary>
    public ulong? MissingSince { get; private set; }

    /// <summary>The log is that of the view: what was prepared meanwhile is taken, and all is acknowledged.</summary>
    public void Begin()
    {
        TakeEarly();
        _acknowledged = core.Log.DurableOp;
        Acknowledge();
    }

    /// <summary>Forgets what belongs to a view.</summary>
    public void End()
    {
        Array.Clear(_early);
        KnownCommit = 0;
        _acknowledged = 0;
        _round = 0;
        KnownLastOp = 0;
        MissingSince = null;
    }

    public void OnPrepare(Prepare message)
    {
        Learn(message.CommitOp, message.Entry.Op);
        var entry = message.Entry;
        if (core.Status == ReplicaStatus.Normal && entry.Op == core.Log.LastOp + 1)
        {
            Append(entry);
            TakeEarly();
        }
        else if (entry.Op > core.Log.LastOp && entry.Op - core.Log.LastOp <= (ulong)_early.Length)
        {
            _early[entry.Op % (ulong)_early.Length] = entry;
        }
    }

    public void OnCommit(Commit message)
    {
        Learn(message.CommitOp, message.LastOp);
        _round = Math.Max(_round, message.Round);
        if (core.Status == ReplicaStatus.Normal)
        {
            Acknowledge();
        }
        else if (core.Status == ReplicaStatus.ViewChange)
        {
            core.Send(core.Primary, new PrepareOk(core.Envelope, 0, _round) { IsFull = core.IsFull }); // it follows this primary, and has no say on its entries yet
        }
    }

    /// <summary>An entry that was fetched, of the same view.</summary>
    public void OnFetched(LogEntry entry)
    {
        if (entry.Op == core.Log.LastOp + 1)
        {
            Append(entry);
        }
    }

    /// <summary>After each input: commits what the primary has committed, and acknowledges what has come to disk.</summary>
    public void GoOn()
    {
        TakeEarly();
        core.AdvanceCommit(Math.Min(KnownCommit, core.Log.LastOp));
        if (core.Log.DurableOp > _acknowledged)
        {
            Acknowledge();
        }

        MissingSince = KnownLastOp > core.Log.LastOp ? MissingSince ?? core.Now : null;
    }

    private void Learn(ulong commitOp, ulong lastOp)
    {
        KnownCommit = Math.Max(KnownCommit, commitOp);
        KnownLastOp = Math.Max(KnownLastOp, lastOp);
    }

    private void TakeEarly()
    {
        while (_early[(core.Log.LastOp + 1) % (ulong)_early.Length] is { } entry && entry.Op == core.Log.LastOp + 1)
        {
            _early[entry.Op % (ulong)_early.Length] = null;
            Append(entry);
        }
    }

    // Within a view all logs are beginnings of the primary's: a parent that does not match is a bug.
    private void Append(LogEntry entry)
    {
        InvariantViolation.Assert(entry.Header.ParentChecksum == core.Log.ChecksumAt(core.Log.LastOp), $"op {entry.Op} of view {core.View} follows this replica's log");
        core.Log.Append(entry, core.Now);
    }

    private void Acknowledge()
    {
        _acknowledged = core.Log.DurableOp;
        core.Send(core.Primary, new PrepareOk(core.Envelope, _acknowledged, _round) { IsFull = core.IsFull });
    }
}
