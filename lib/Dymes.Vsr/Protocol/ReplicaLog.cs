using Dymes.Common;
using Dymes.Vsr.Effects;

namespace Dymes.Vsr.Protocol;

/// <summary>
/// The end of the log: the entries that are not applied yet and some before them, and how far the disk has followed. Every change goes to the state machine and to the host in the
/// same step, so that the three never differ.
/// </summary>
internal sealed class ReplicaLog
{
    private readonly EffectList _effects;
    private readonly IStateMachine _machine;
    private readonly WriteQueue _writes = new();
    private Slot[] _ring = new Slot[2 * VsrLimits.WindowEntriesMax];
    private long _end;

    public ReplicaLog(ReplicaStart start, EffectList effects, IStateMachine machine)
    {
        _effects = effects;
        _machine = machine;
        FirstOp = start.Tail.Count == 0 ? 1 : start.Tail[0].Op;
        LastOp = FirstOp - 1;
        foreach (var entry in start.Tail)
        {
            Keep(entry);
        }

        DurableOp = LastOp;
    }

    /// <summary>The first op that is in memory.</summary>
    public ulong FirstOp { get; private set; }

    public ulong LastOp { get; private set; }

    /// <summary>Everything up to here is on this replica's disk.</summary>
    public ulong DurableOp { get; private set; }

    /// <summary>Whether the disk has done all that it was told.</summary>
    public bool IsSettled => _writes.IsEmpty;

    public LogEntry? Last => LastOp < FirstOp ? null : Find(LastOp);

    /// <summary>When the oldest write was issued that the disk has not done; null where there is none.</summary>
    public ulong? WaitingSince => _writes.OldestIssuedAt;

    public LogEntry? Find(ulong op) => op >= FirstOp && op <= LastOp ? _ring[op & Mask].Entry : null;

    /// <summary>The checksum at an op that is in memory, or at the start of the log.</summary>
    public UInt128 ChecksumAt(ulong op)
    {
        if (op == 0)
        {
            return UInt128.Zero;
        }

        var entry = Find(op);
        InvariantViolation.Assert(entry is not null, "checksums are asked for ops that are in memory");
        return entry.Checksum;
    }

    /// <summary>The log from a committed op on.</summary>
    public LogSuffix SuffixFrom(ulong baseOp)
    {
        var checksums = new UInt128[LastOp - baseOp + 1];
        for (var op = baseOp; op <= LastOp; op++)
        {
            checksums[op - baseOp] = ChecksumAt(op);
        }

        return new LogSuffix(baseOp, checksums);
    }

    /// <summary>The bytes of the entries after an op, as far as they are in memory.</summary>
    public long BytesAfter(ulong op) => op >= FirstOp ? _end - EndAt(op) : BytesInMemory;

    /// <summary>Appends an entry.</summary>
    public void Append(LogEntry entry, ulong now)
    {
        InvariantViolation.Assert(entry.Op == LastOp + 1 && entry.Header.ParentChecksum == ChecksumAt(LastOp), "the log is a chain without gaps");
        _machine.Accept(entry);
        Keep(entry);
        _effects.Add(Effect.Append(_writes.Issue(entry.Op, now), entry));
    }

    /// <summary>Cuts off what is not committed and not in the log of the view.</summary>
    public void TruncateAfter(ulong op, ulong now)
    {
        _machine.RollBackTo(op);
        for (; LastOp > op; LastOp--)
        {
            _end -= Find(LastOp)!.Header.SizeBytes;
            _ring[LastOp & Mask] = default;
        }

        DurableOp = Math.Min(DurableOp, op);
        _writes.Cap(op);
        _effects.Add(Effect.Truncate(_writes.Issue(op, now), op));
    }

    /// <summary>The disk has done all writes up to this one.</summary>
    public void OnDurable(ulong write) => DurableOp = Math.Max(DurableOp, _writes.Complete(write));

    /// <summary>Lets go of old entries; never of one that is not applied, nor of the last applied one, whose checksum is the base of suffixes.</summary>
    public void Forget(ulong appliedOp)
    {
        while (FirstOp < appliedOp && (LastOp - FirstOp >= VsrLimits.WindowEntriesMax || BytesInMemory > VsrLimits.WindowBytesMax))
        {
            _ring[FirstOp & Mask] = default;
            FirstOp++;
        }
    }

    private ulong Mask => (ulong)_ring.Length - 1;

    private long BytesInMemory => LastOp < FirstOp ? 0 : _end - EndAt(FirstOp) + Find(FirstOp)!.Header.SizeBytes;

    private long EndAt(ulong op) => _ring[op & Mask].End;

    private void Keep(LogEntry entry)
    {
        if (LastOp - FirstOp + 1 == (ulong)_ring.Length)
        {
            Grow();
        }

        LastOp = entry.Op;
        _end += entry.Header.SizeBytes;
        _ring[LastOp & Mask] = new Slot(entry, _end);
    }

    private void Grow()
    {
        var larger = new Slot[2 * _ring.Length];
        for (var op = FirstOp; op <= LastOp; op++)
        {
            larger[op & ((ulong)larger.Length - 1)] = _ring[op & Mask];
        }

        _ring = larger;
    }

    // End counts the bytes of all entries up to this one, so that a difference tells those of a stretch.
    private readonly record struct Slot(LogEntry? Entry, long End);
}
