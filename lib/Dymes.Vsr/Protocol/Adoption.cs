using Dymes.Common;
using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Protocol;

/// <summary>
/// Taking over the log of a view: by its new primary from the best of the others' logs, by a backup from the primary. An entry is cut off only where one of the view's log takes its
/// place, so that at every moment the replica holds all that it ever held and that may be committed. The log counts as the view's only once all of it is on disk, and it is touched only
/// once the view is: after a crash in between, a backup of an older view would go on in that view with a log that is not that view's.
/// </summary>
internal sealed class Adoption(ReplicaCore core)
{
    private LogSuffix? _target;
    private bool _isLinked;
    private bool _hasBegun;

    public bool IsActive => _target is not null;

    /// <summary>A replica that has the log.</summary>
    public ReplicaNumber Donor { get; private set; }

    /// <summary>What the view's log is known to have committed; 0 where none is taken over.</summary>
    public ulong KnownCommit => _target?.BaseOp ?? 0;

    /// <summary>The entries that are to be fetched; null where none is.</summary>
    public (ulong FromOp, ulong ToOp)? Missing => _target switch
    {
        null => null,
        _ when !_hasBegun => null,
        { } target when !_isLinked => (core.CommitOp + 1, target.BaseOp),
        { } target when core.Log.LastOp < target.LastOp => (core.Log.LastOp + 1, target.LastOp),
        _ => null,
    };

    public void Begin(LogSuffix target, ReplicaNumber donor)
    {
        InvariantViolation.Assert(target.LastOp >= core.CommitOp, "the log of a later view has everything that is committed");
        _target = target;
        _isLinked = false;
        _hasBegun = false;
        Donor = donor;
        if (!MayTouchLog)
        {
            core.Persist(isRecovering: false);
        }
    }

    public void End() => _target = null;

    /// <summary>Takes entries that were asked for. Up to the target's base they are final as far as the donor knows them to be committed; behind it they count by their checksums.</summary>
    public void OnFetched(NewState message)
    {
        foreach (var entry in message.Entries)
        {
            if (!_isLinked && entry.Op == core.CommitOp + 1 && entry.Op <= message.CommitOp)
            {
                TakeFinal(entry);
                Reconcile();
            }
            else if (_isLinked && entry.Op == core.Log.LastOp + 1 && entry.Op <= _target!.LastOp && _target[entry.Op] == entry.Checksum)
            {
                core.Log.Append(entry, core.Now);
            }
        }
    }

    /// <summary>After each input: once the whole log is on disk it is written down as the view's. True where that is on disk too.</summary>
    public bool GoOn()
    {
        if (_target is not null && !_hasBegun && MayTouchLog)
        {
            _hasBegun = true;
            Reconcile();
        }

        if (!_hasBegun || _target is null || Missing is not null || !core.Log.IsSettled)
        {
            return false;
        }

        if (core.LogView < core.View || core.State.Durable is not { IsRecovering: false })
        {
            core.TakeLogOfView();
        }

        return core.State.Durable is { IsRecovering: false } state && state.View == core.View && state.LogView == core.View;
    }

    private bool MayTouchLog => core.Status == ReplicaStatus.Recovering || core.State.Durable!.View == core.View;

    // Finds out how much of this replica's log is in the view's, and cuts off what another entry stands for.
    private void Reconcile()
    {
        var target = _target!;
        _isLinked |= core.CommitOp >= target.BaseOp || (core.Log.LastOp >= target.BaseOp && core.Log.ChecksumAt(target.BaseOp) == target[target.BaseOp]);
        if (!_isLinked)
        {
            return;
        }

        var end = Math.Min(core.Log.LastOp, target.LastOp);
        for (var op = Math.Max(core.CommitOp, target.BaseOp) + 1; op <= end; op++)
        {
            if (core.Log.ChecksumAt(op) != target[op])
            {
                end = op - 1;
            }
        }

        core.TruncateAfter(end);
        core.AdvanceCommit(Math.Min(target.BaseOp, core.Log.LastOp));
    }

    private void TakeFinal(LogEntry entry)
    {
        InvariantViolation.Assert(entry.Header.ParentChecksum == core.Log.ChecksumAt(core.CommitOp), "what is committed is the same everywhere");
        if (entry.Op <= core.Log.LastOp && core.Log.ChecksumAt(entry.Op) != entry.Checksum)
        {
            core.TruncateAfter(entry.Op - 1);
        }

        if (entry.Op > core.Log.LastOp)
        {
            core.Log.Append(entry, core.Now);
        }

        core.AdvanceCommit(entry.Op);
    }
}
