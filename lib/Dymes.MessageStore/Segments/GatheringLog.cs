using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;

namespace Dymes.MessageStore.Segments;

/// <summary>
/// The end of the log as it grows: entries go into the batch that gathers, batches into segments, and all that the disk must do into one queue. Owned by whoever holds the store's gate.
/// </summary>
internal sealed class GatheringLog
{
    private readonly StoreOptions _options;
    private readonly Func<LogTail, Segment> _roll;
    private readonly Queue<DiskWork> _queued = new();
    private PendingBatch? _spare = new();
    private PendingBatch? _taken; // by the disk, last
    private SegmentEnd _end;
    private long _queuedBytes;
    private ulong _writes;

    public GatheringLog(StoreOptions options, Segment segment, SegmentEnd end, LogTail tail, Func<LogTail, Segment> roll)
    {
        _options = options;
        _roll = roll;
        _end = end;
        Segment = segment;
        Tail = tail;
    }

    /// <summary>The segment that grows.</summary>
    public Segment Segment { get; private set; }

    /// <summary>What the next entry continues; its position and time are those of the open entry's end.</summary>
    public LogTail Tail { get; set; }

    /// <summary>The entry that messages are being added to.</summary>
    public OpenEntry? Entry { get; set; }

    /// <summary>The batch that gathers.</summary>
    public PendingBatch Batch { get; private set; } = new();

    /// <summary>The index of the segment that grows.</summary>
    public ActiveIndex Rows => (ActiveIndex)Segment.Index;

    /// <summary>The bytes of the batches that the disk has not taken.</summary>
    public long WaitingBytes => _queuedBytes + Batch.Length;

    /// <summary>Bytes that cannot be read lie behind the end: they were found when the store was opened, and must go before anything is added.</summary>
    public bool HasUnreadableTail { get; set; }

    /// <summary>Whether there is something for the disk to do.</summary>
    public bool HasWork => _queued.Count > 0 || Batch.Length > StoreLimits.SyncMarkBytes + (Entry is { MessageCount: 0 } ? EntryLimits.HeaderBytes : 0);

    /// <summary>Whether a body of this size still goes into the segment; a first one always does.</summary>
    public bool SegmentHasRoom(int bytes, int messages)
    {
        var rows = Rows.Count;
        var offset = _end.Offset + Batch.Length + StoreLimits.SyncMarkBytes + EntryLimits.HeaderBytes + bytes;
        return (rows == 0 && Segment.Entries.Count == 0) || (offset <= _options.SegmentBytesMax && rows + messages <= _options.SegmentMessagesMax);
    }

    /// <summary>Whether a body of this size still goes into the batch.</summary>
    public bool BatchHasRoom(int bytes) => Batch.IsEmpty || Batch.Length + EntryLimits.HeaderBytes + bytes <= StoreLimits.BatchBytesMax;

    /// <summary>Begins a segment. Nothing is gathered for the present one.</summary>
    public void Roll()
    {
        Segment = _roll(Tail);
        _end = SegmentEnd.OfNewFile;
    }

    /// <summary>Begins a batch, if none gathers.</summary>
    public void StartBatch()
    {
        if (Batch.IsEmpty)
        {
            Batch.Start(Segment, _end.Offset);
        }
    }

    /// <summary>Begins an entry at the end of the batch.</summary>
    public void Open(long timestampMilliseconds)
    {
        var start = Batch.Length;
        Batch.Extend(EntryLimits.HeaderBytes);
        Entry = new OpenEntry(start, Rows.Count, Tail.NextLsn, 0, timestampMilliseconds);
    }

    /// <summary>Indexes the frame that was put at the end of the batch as the open entry's next message; returns the channel's ordinal in <see cref="Rows"/>.</summary>
    /// <param name="place">Where it begins in the batch.</param>
    public int AddRow(int place)
    {
        var frames = new FrameEnumerator(Batch.Bytes[place..]);
        frames.MoveNext();
        var channel = Rows.Add(frames.Current, FrameLocation.Of(Batch.Offset + place, frames.Current.Bytes.Length));
        Tail = Tail with { NextLsn = Tail.NextLsn.Next };
        Entry = Entry!.Value.WithOneMore();
        return channel;
    }

    /// <summary>Takes back the open entry, which has no messages.</summary>
    public void Drop()
    {
        Batch.CutTo(Entry!.Value.Start);
        Entry = null;
    }

    /// <summary>The open entry's body.</summary>
    public ReadOnlySpan<byte> Body => Batch.Bytes[(Entry!.Value.Start + EntryLimits.HeaderBytes)..];

    /// <summary>Closes the open entry with its header; the log goes on behind it.</summary>
    public void Close(in EntryHeader header)
    {
        var entry = Entry!.Value;
        Entry = null;
        Segment.Entries.Add(new EntryPlace(entry.FirstRow, (uint)((Batch.Offset + entry.Start) / StoreLimits.AlignmentBytes)));
        Tail = Tail with { NextOp = header.Op + 1, ParentChecksum = header.Write(Batch.Bytes[entry.Start..]), TimestampMilliseconds = entry.TimestampMilliseconds };
        _writes++;
    }

    /// <summary>Lets the batch that gathers go to the disk in its turn; another one gathers from now on.</summary>
    public void QueueBatch()
    {
        if (FinishBatch() is { } batch)
        {
            _queued.Enqueue(batch);
            _queuedBytes += batch.Length;
        }
    }

    /// <summary>Goes back to an earlier end, at once; the disk follows in its turn, behind all that was gathered.</summary>
    /// <param name="segment">The segment in which the log ends now.</param>
    /// <param name="entries">How many entries of it stay.</param>
    /// <param name="tail">What the next entry continues.</param>
    /// <param name="gone">The segments behind it.</param>
    /// <param name="isChange">Whether it counts as a change of the log; it does not where only unreadable bytes go.</param>
    public void CutTo(Segment segment, int entries, LogTail tail, IReadOnlyList<Segment> gone, bool isChange)
    {
        QueueBatch();
        var cut = CutOf(segment, entries == segment.Entries.Count ? _end.Offset : segment.StartOf(entries));
        segment.CutTo(entries);
        Segment = segment;
        Tail = tail;
        HasUnreadableTail = false;
        _writes += isChange ? 1ul : 0;
        var work = new LogCut(segment, cut, gone);
        Stamp(work);
        _queued.Enqueue(work);
    }

    /// <summary>Lets an entry be put back into its place, behind all that was gathered.</summary>
    public void Queue(EntryRewrite work)
    {
        QueueBatch();
        Stamp(work);
        _queued.Enqueue(work);
    }

    /// <summary>The next thing for the disk to do; null where there is none, or an entry is open that is closed by others. Batches come back through <see cref="Recycle"/>.</summary>
    public DiskWork? Take()
    {
        if (_queued.TryDequeue(out var work))
        {
            _queuedBytes -= (work as PendingBatch)?.Length ?? 0;
        }
        else
        {
            work = Entry is null ? FinishBatch() : null;
        }

        _taken = work as PendingBatch ?? _taken;
        return work;
    }

    /// <summary>Takes a batch's memory back; on the disk's thread.</summary>
    public void Recycle(PendingBatch? batch)
    {
        if (batch is not null)
        {
            Volatile.Write(ref _spare, batch); // as it is: it may be read until it gathers again
        }
    }

    /// <summary>A frame that the file may not have yet: in the batch that gathers, in one that waits, or in the one that the disk has.</summary>
    public bool TryGetUnwritten(Segment segment, FrameLocation location, out ReadOnlySpan<byte> frame)
    {
        var newest = _taken?.Holds(segment, location) == true ? _taken : null;
        foreach (var work in _queued)
        {
            newest = work is PendingBatch batch && batch.Holds(segment, location) ? batch : newest; // the place may have been cut off and filled again
        }

        newest = Batch.Holds(segment, location) ? Batch : newest;
        frame = newest is null ? default : newest.Read(location);
        return newest is not null;
    }

    /// <summary>True where nothing is gathered any more.</summary>
    public bool DropBatchIfEmpty()
    {
        if (!Batch.IsEmpty && Batch.Length == StoreLimits.SyncMarkBytes)
        {
            Batch.Reset();
        }

        return Batch.IsEmpty;
    }

    private PendingBatch? FinishBatch()
    {
        if (DropBatchIfEmpty())
        {
            return null;
        }

        var batch = Batch;
        new SyncMark(_end.NextSequence, _end.LastMarkOffset, batch.Length - StoreLimits.SyncMarkBytes, Segment.Tag).Write(batch.Bytes);
        Segment.Marks.Add(batch.Offset);
        Stamp(batch);
        _end = new SegmentEnd(batch.Offset + batch.Length, _end.NextSequence + 1, batch.Offset);
        Batch = Interlocked.Exchange(ref _spare, null) ?? new PendingBatch();
        Batch.Reset();
        return batch;
    }

    // Null where the disk has nothing of the segment: what is gathered for it has been queued before.
    private PendingCut? CutOf(Segment segment, long offset)
    {
        if (segment.Marks.Count == 0 && !segment.HasFile)
        {
            _end = SegmentEnd.OfNewFile;
            return HasUnreadableTail ? PendingCut.Before(segment.Number) : null;
        }

        segment.Marks.RemoveAll(mark => mark >= offset);
        var mark = new SyncMark((ulong)segment.Marks.Count + 1, segment.Marks.LastOrDefault(), 0, segment.Tag);
        segment.Marks.Add(offset);
        _end = new SegmentEnd(offset + StoreLimits.SyncMarkBytes, mark.Sequence + 1, offset);
        return new PendingCut(segment.Number, offset, mark);
    }

    private void Stamp(DiskWork work)
    {
        work.Write = _writes;
        work.LastOp = Tail.NextOp - 1;
        work.EndLsn = Tail.NextLsn;
    }
}
