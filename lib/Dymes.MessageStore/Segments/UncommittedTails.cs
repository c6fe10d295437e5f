using Dymes.Common;

namespace Dymes.MessageStore.Segments;

/// <summary>The ends that the log had after each entry, from about the last one known to be committed on: where it can still go back to. A few hundred, whatever the log's size.</summary>
internal sealed class UncommittedTails
{
    private LogTail[] _ring = new LogTail[64];
    private ulong _firstOp;

    public UncommittedTails(LogTail committed)
    {
        _firstOp = CommittedOp = LastOp = LastOpOf(committed);
        _ring[Place(LastOp)] = committed;
    }

    /// <summary>The last op known to be committed.</summary>
    public ulong CommittedOp { get; private set; }

    public ulong LastOp { get; private set; }

    /// <summary>Takes note of the end behind the next entry.</summary>
    public void Add(LogTail tail)
    {
        InvariantViolation.Assert(LastOpOf(tail) == LastOp + 1, "entries are added one after the other");
        if (LastOp + 1 - _firstOp == (ulong)_ring.Length)
        {
            Grow();
        }

        LastOp++;
        _ring[Place(LastOp)] = tail;
    }

    /// <summary>Nothing up to this op is taken back any more.</summary>
    public void CommitTo(ulong op)
    {
        CommittedOp = Math.Max(CommittedOp, Math.Min(op, LastOp));
        _firstOp = CommittedOp > _firstOp ? CommittedOp - 1 : _firstOp; // one more, for a start that finds the last committed entry damaged
    }

    /// <summary>Goes back to the end after an op, and returns it.</summary>
    public LogTail CutAfter(ulong op)
    {
        InvariantViolation.Assert(op >= CommittedOp && op <= LastOp, "nothing that is committed is cut off");
        LastOp = op;
        return _ring[Place(op)];
    }

    /// <summary>Goes back to before an entry that was found damaged: the last that is known to be committed, or a later one.</summary>
    public LogTail CutBeforeDamage(ulong op)
    {
        InvariantViolation.Assert(op > _firstOp && op >= CommittedOp, "damage before the last committed entry is repaired, and not cut off");
        LastOp = op - 1;
        CommittedOp = Math.Min(CommittedOp, LastOp);
        return _ring[Place(LastOp)];
    }

    private static ulong LastOpOf(LogTail tail) => tail.NextOp - 1;

    private ulong Place(ulong op) => op & ((ulong)_ring.Length - 1);

    private void Grow()
    {
        var larger = new LogTail[_ring.Length * 2];
        for (var op = _firstOp; op <= LastOp; op++)
        {
            larger[op & ((ulong)larger.Length - 1)] = _ring[Place(op)];
        }

        _ring = larger;
    }
}
