using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Protocol;

/// <summary>VRR 5.2: fetches the entries that this replica lacks, a piece at a time, from one replica after another until one has them. The disk sets the pace.</summary>
internal sealed class StateTransfer(ReplicaCore core, BackupRole backup, Adoption adoption)
{
    private ulong _number;
    private ulong _fromOp;
    private ulong _askedAt;
    private bool _isAsking;
    private ReplicaNumber _donor;

    /// <summary>How many entries were fetched.</summary>
    public ulong EntriesFetched { get; private set; }

    /// <summary>Forgets what was asked: the view is another.</summary>
    public void End() => _isAsking = false;

    /// <summary>After each input and each tick: asks for what is missing now.</summary>
    public void GoOn()
    {
        if (Missing() is not { } missing || IsAheadOfDisk)
        {
            _isAsking = false;
            return;
        }

        if (_isAsking && missing.FromOp == _fromOp)
        {
            if (core.Now - _askedAt < (ulong)core.Settings.TransferMilliseconds)
            {
                return;
            }

            _donor = Next(_donor);
        }
        else if (!_isAsking)
        {
            _donor = Preferred(missing);
        }

        Ask(missing);
    }

    // Whichever question it answers: entries of the view's log are good whenever they come, and on a slow network all answers come after the next question.
    public void OnNewState(NewState message)
    {
        if (!_isAsking || message.Entries.Count == 0)
        {
            return; // an answer without entries: the next replica is asked when its time comes
        }

        var before = core.Log.LastOp;
        if (adoption.IsActive)
        {
            adoption.OnFetched(message);
        }
        else if (core.IsNormalBackup)
        {
            foreach (var entry in message.Entries)
            {
                if (message.LogView == core.View || entry.Op <= message.CommitOp)
                {
                    backup.OnFetched(entry);
                }
            }
        }

        EntriesFetched += core.Log.LastOp - Math.Min(before, core.Log.LastOp);
    }

    private bool IsAheadOfDisk => core.Log.BytesAfter(core.Log.DurableOp) > 4 * VsrLimits.TransferBytesMax;

    private (ulong FromOp, ulong ToOp)? Missing()
    {
        if (adoption.IsActive)
        {
            return adoption.Missing;
        }

        return core.IsNormalBackup && backup.MissingSince is { } since && since + (ulong)core.Settings.GapMilliseconds <= core.Now
            ? (core.Log.LastOp + 1, backup.KnownLastOp)
            : null;
    }

    // What is recent is in the primary's memory; what is not, another replica reads from its disk.
    private ReplicaNumber Preferred((ulong FromOp, ulong ToOp) missing)
    {
        if (adoption.IsActive)
        {
            return adoption.Donor;
        }

        var isRecent = missing.ToOp - missing.FromOp < VsrLimits.PipelineEntriesMax;
        var other = Next(core.Self);
        return isRecent || other != core.Primary ? isRecent ? core.Primary : other : Next(other);
    }

    private ReplicaNumber Next(ReplicaNumber replica)
    {
        var next = (replica.Value + 1) % core.Identity.ReplicaCount;
        return new ReplicaNumber((byte)(next == core.Self.Value ? (next + 1) % core.Identity.ReplicaCount : next));
    }

    private void Ask((ulong FromOp, ulong ToOp) missing)
    {
        if (_donor == core.Self)
        {
            _donor = Next(_donor);
        }

        _isAsking = true;
        _fromOp = missing.FromOp;
        _askedAt = core.Now;
        core.Send(_donor, new GetState(core.Envelope, ++_number, missing.FromOp, missing.ToOp));
    }
}
