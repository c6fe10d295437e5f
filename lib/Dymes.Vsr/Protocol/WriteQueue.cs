using Dymes.Common;

namespace Dymes.Vsr.Protocol;

/// <summary>
/// The writes that the disk has not done yet. Each write has a number of its own, so that an acknowledgement of an entry that was cut off since never counts for the one that took its
/// place.
/// </summary>
internal sealed class WriteQueue
{
    private PendingWrite[] _ring = new PendingWrite[VsrLimits.WindowEntriesMax];
    private ulong _first = 1;
    private ulong _next = 1;

    public bool IsEmpty => _first == _next;

    public ulong? OldestIssuedAt => IsEmpty ? null : _ring[Place(_first)].IssuedAt;

    /// <summary>Takes note of a write after which the log is durable up to an op; returns its number.</summary>
    public ulong Issue(ulong op, ulong now)
    {
        if (_next - _first == (ulong)_ring.Length)
        {
            Grow();
        }

        _ring[Place(_next)] = new PendingWrite(op, now);
        return _next++;
    }

    /// <summary>The log was cut after an op: earlier writes say nothing about what is behind it.</summary>
    public void Cap(ulong op)
    {
        for (var write = _first; write < _next; write++)
        {
            ref var pending = ref _ring[Place(write)];
            pending = pending with { Op = Math.Min(pending.Op, op) };
        }
    }

    /// <summary>All writes up to this one are done; returns the op up to which the log is durable by them.</summary>
    public ulong Complete(ulong write)
    {
        InvariantViolation.Assert(write < _next, "only writes that were asked for are acknowledged");
        var op = 0UL;
        for (; _first <= write; _first++)
        {
            op = _ring[Place(_first)].Op;
        }

        return op;
    }

    private ulong Place(ulong write) => write & ((ulong)_ring.Length - 1);

    private void Grow()
    {
        var larger = new PendingWrite[2 * _ring.Length];
        for (var write = _first; write < _next; write++)
        {
            larger[write & ((ulong)larger.Length - 1)] = _ring[Place(write)];
        }

        _ring = larger;
    }

    private readonly record struct PendingWrite(ulong Op, ulong IssuedAt);
}
