using Dymes.Vsr.Effects;
using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Protocol;

/// <summary>Gets entries again whose bytes went bad on this replica's disk (PAR 4: a committed entry is never cut off, it is repaired from another replica).</summary>
internal sealed class Repair(ReplicaCore core)
{
    /// <summary>Tells the numbers of repairs from those of transfers.</summary>
    public const ulong FirstNumber = 1UL << 63;

    private readonly Queue<(ulong Op, UInt128? Checksum)> _damaged = new();
    private readonly HashSet<ulong> _ops = []; // of the queue: hosts tell of an entry each time they meet it; never enumerated
    private ulong _number = FirstNumber;
    private ulong _askedAt;
    private bool _isAsking;
    private int _donor;

    /// <summary>How often another replica was asked.</summary>
    public ulong Asked => _number - FirstNumber;

    /// <summary>How many entries are damaged, and wait for another replica.</summary>
    public int Waiting => _damaged.Count;

    public void Report(ulong op, UInt128? checksum)
    {
        if (core.Log.Find(op) is { } entry)
        {
            core.Effects.Add(Effect.Rewrite(entry));
        }
        else if (op <= core.CommitOp && _damaged.Count < VsrLimits.RepairsMax && _ops.Add(op))
        {
            _damaged.Enqueue((op, checksum));
        }
    }

    public void GoOn()
    {
        var isIdle = !_isAsking || core.Now - _askedAt >= (ulong)core.Settings.TransferMilliseconds;
        if (_damaged.Count == 0 || !isIdle || core.Identity.ReplicaCount == 1 || core.Status is not (ReplicaStatus.Normal or ReplicaStatus.ViewChange))
        {
            return;
        }

        if (_isAsking)
        {
            _damaged.Enqueue(_damaged.Dequeue()); // one that nobody can give now holds up no other
        }

        _donor = (_donor + 1) % core.Identity.ReplicaCount;
        if (_donor == core.Self.Value)
        {
            _donor = (_donor + 1) % core.Identity.ReplicaCount;
        }

        _isAsking = true;
        _askedAt = core.Now;
        var op = _damaged.Peek().Op;
        core.Send(new ReplicaNumber((byte)_donor), new GetState(core.Envelope, ++_number, op, op));
    }

    public void OnNewState(NewState message)
    {
        if (!_isAsking || message.Number != _number || message.Entries.Count == 0 || !IsWanted(message.Entries[0], message.CommitOp))
        {
            return;
        }

        _isAsking = false;
        _ops.Remove(_damaged.Dequeue().Op);
        core.Effects.Add(Effect.Rewrite(message.Entries[0]));
    }

    private bool IsWanted(LogEntry entry, ulong commitOp)
    {
        var (op, checksum) = _damaged.Peek();
        return entry.Op == op && op <= commitOp && (checksum is null || checksum == entry.Checksum);
    }
}
