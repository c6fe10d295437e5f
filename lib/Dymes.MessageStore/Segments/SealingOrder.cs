namespace Dymes.MessageStore.Segments;

/// <summary>
/// Lets segments be sealed once they are whole on disk and all of their entries are committed: an index file is for good. Told by the disk's thread, and by whoever commits and
/// truncates; safe for concurrent use.
/// </summary>
/// <param name="seal">Queues a segment, of which the batches end at an offset, to be sealed.</param>
internal sealed class SealingOrder(Action<Segment, long> seal)
{
    private readonly Lock _gate = new();
    private readonly List<(Segment Segment, long EndOffset)> _whole = [];
    private ulong _committedOp;
    private ulong _damagedOp = ulong.MaxValue;

    /// <summary>Everything up to here is committed, and on this disk.</summary>
    public ulong CommittedOp
    {
        get
        {
            lock (_gate)
            {
                return _committedOp;
            }
        }
    }

    /// <summary>A segment is whole on disk: what comes next goes into the next one.</summary>
    public void Complete(Segment segment, long endOffset, Segment next)
    {
        lock (_gate)
        {
            if (!next.IsGone)
            {
                _whole.Add((segment, endOffset));
                SealCommitted();
            }
        }
    }

    /// <summary>The first entry that is to be put back into its place: until then its segment and those behind have no index to be kept.</summary>
    public void WaitForRepair(ulong? firstDamagedOp)
    {
        lock (_gate)
        {
            _damagedOp = firstDamagedOp ?? ulong.MaxValue;
            SealCommitted();
        }
    }

    /// <summary>Everything up to this op is committed.</summary>
    public void CommitTo(ulong op)
    {
        lock (_gate)
        {
            _committedOp = Math.Max(_committedOp, op);
            SealCommitted();
        }
    }

    /// <summary>A segment grows again, and those behind it are gone: what the disk thread still does for these comes to nothing.</summary>
    public void Withdraw(Segment growing, IEnumerable<Segment> gone)
    {
        lock (_gate)
        {
            foreach (var segment in gone)
            {
                segment.IsGone = true;
            }

            _whole.RemoveAll(whole => whole.Segment == growing || whole.Segment.IsGone);
        }
    }

    private void SealCommitted()
    {
        while (_whole.Count > 0 && _whole[0].Segment.LastOp <= Math.Min(_committedOp, _damagedOp - 1))
        {
            var (segment, endOffset) = _whole[0];
            _whole.RemoveAt(0);
            seal(segment, endOffset);
        }
    }
}
