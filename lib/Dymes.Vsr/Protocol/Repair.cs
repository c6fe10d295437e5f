using Dymes.Vsr.Effects;
using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Protocol;

/// <summary>Gets entries again whose bytes went bad on this replica's disk (PAR 4: a committed entry is never cut off, it is repaired from another replica).</summary>
internal sealed class Repair(ReplicaCore core)
{
    /// <summary>Tells the numbers of repairs from those of transfers.</summary>
    public const ulong FirstNumber = 1UL << 63;

    private readonly List<(ulong Op, UInt128? Checksum)> _damaged = []; // in the order in which they are asked for
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
        else if (op <= core.CommitOp && _damaged.Count < VsrLimits.RepairsMax && !_damaged.Exists(damaged => damaged.Op == op))
        {
            _damaged.Add((op, checksum)); // once: hosts tell of an entry each time they meet it
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
            _damaged.Add(_damaged[0]); // one that nobody can give now holds up no other
            _damaged.RemoveAt(0);
        }

        _donor = (_donor + 1) % core.Identity.ReplicaCount;
        if (_donor == core.Self.Value)
        {
            _donor = (_donor + 1) % core.Identity.ReplicaCount;
        }

        _isAsking = true;
        _askedAt = core.Now;
        var op = _damaged[0].Op;
        core.Send(new ReplicaNumber((byte)_donor), new GetState(core.Envelope, ++_number, op, op));
    }

    // Whichever question it answers: an entry that is committed is good whenever it comes, and on a slow network all answers come after the next question.
    public void OnNewState(NewState message)
    {
        if (message.Entries is not [var entry, ..] || entry.Op > message.CommitOp)
        {
            return;
        }

        var place = _damaged.FindIndex(damaged => damaged.Op == entry.Op && (damaged.Checksum is null || damaged.Checksum == entry.Checksum));
        if (place >= 0)
        {
            _isAsking &= place > 0; // the first is the one that was asked for last
            _damaged.RemoveAt(place);
            core.Effects.Add(Effect.Rewrite(entry));
        }
    }
}
