using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Protocol;

/// <summary>
/// VRR 5.2: fetches the entries that this replica lacks, a piece at a time, from one replica after another until one has them. The disk sets the pace, and while the primary appends,
/// <see cref="VsrLimits.TransferBytesPerSecond"/>: those that wait for an append go before one that has waited for long.
/// </summary>
internal sealed class StateTransfer(ReplicaCore core, BackupRole backup, Adoption adoption)
{
    private const int PiecesOfPrimaryMax = 4;

    // A primary that has prepared nothing for so long is taken for one that has nothing to do.
    private const ulong QuietMilliseconds = 100;

    private readonly TransferPace _pace = new();
    private ulong _number;
    private ulong _fromOp;
    private ulong _askedAt;
    private ulong _preparedOp;
    private ulong _preparedAt;
    private int _pieces;
    private bool _isAsking;
    private ReplicaNumber _donor;

    /// <summary>How many entries were fetched.</summary>
    public ulong EntriesFetched { get; private set; }

    /// <summary>Forgets what was asked: the view is another.</summary>
    public void End() => _isAsking = false;

    /// <summary>After each input and each tick: asks for what is missing now.</summary>
    public void GoOn()
    {
        if (backup.KnownLastOp != _preparedOp)
        {
            (_preparedOp, _preparedAt) = (backup.KnownLastOp, core.Now);
        }

        if (Missing() is not { } missing)
        {
            (_isAsking, _pieces) = (false, 0);
            return;
        }

        if (IsAheadOfDisk)
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
        else if (IsPrimaryBusy && !_pace.Allows(core.Now))
        {
            return;
        }
        else if (!_isAsking || _pieces == PiecesOfPrimaryMax)
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
        _pieces++;
        if (IsPrimaryBusy)
        {
            _pace.Count(message.Entries);
        }
    }

    private bool IsPrimaryBusy => core.Now - _preparedAt < QuietMilliseconds;

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

    // What is recent is in the memory of the primary, or of whose log is taken over. Much of it comes from the disk of another one: the primary has more to do.
    private ReplicaNumber Preferred((ulong FromOp, ulong ToOp) missing)
    {
        if (_pieces < PiecesOfPrimaryMax && (adoption.IsActive || missing.ToOp - missing.FromOp < VsrLimits.PipelineEntriesMax))
        {
            return adoption.IsActive ? adoption.Donor : core.Primary;
        }

        var other = Next(core.Self);
        return other == core.Primary ? Next(other) : other;
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
