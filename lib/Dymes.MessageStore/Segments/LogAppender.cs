using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;

namespace Dymes.MessageStore.Segments;

/// <summary>
/// Puts messages behind each other: into an entry, entries into the batch that gathers, batches into segments. Frames are copied once, stamped in place and indexed at
/// once; readers see them when they are committed. Owned by whoever holds the store's gate.
/// </summary>
public sealed class LogAppender
{
    private readonly StoreOptions _options;
    private readonly TimeProvider _clock;
    private readonly Func<LogTail, Segment> _roll;
    private PendingBatch _gathering = new();
    private PendingBatch? _spare = new();
    private Segment _segment;
    private LogTail _tail;
    private SegmentEnd _end;
    private OpenEntry? _entry;

    internal LogAppender(StoreOptions options, TimeProvider clock, Segment segment, SegmentEnd end, LogTail tail, Func<LogTail, Segment> roll)
    {
        _options = options;
        _clock = clock;
        _segment = segment;
        _end = end;
        _tail = tail;
        _roll = roll;
    }

    /// <summary>The position that the next message gets.</summary>
    public Lsn NextLsn => _tail.NextLsn;

    /// <summary>The time that messages are stamped with: that of the open entry, in milliseconds since 1970. It never steps back.</summary>
    public long TimestampMilliseconds => _entry?.TimestampMilliseconds ?? _tail.TimestampMilliseconds;

    /// <summary>The bytes of the batch that gathers.</summary>
    public int GatheredBytes => _gathering.Length;

    /// <summary>Whether the batch that gathers has messages.</summary>
    internal bool HasGathered => _gathering.Length > StoreLimits.SyncMarkBytes + (_entry is { MessageCount: 0 } ? EntryLimits.HeaderBytes : 0);

    /// <summary>Makes room for a request, in one entry. False where the gathered batch must go to disk first.</summary>
    /// <param name="bytes">The bytes of its frames.</param>
    /// <param name="messages">The number of its frames.</param>
    public bool TryBegin(int bytes, int messages)
    {
        if (_entry is { } open && !open.HasRoom(_gathering.Length, bytes, messages))
        {
            CloseEntry();
        }

        if (!SegmentHasRoom(bytes, messages))
        {
            CloseEntry();
            if (!DropIfEmpty())
            {
                return false;
            }

            _segment = _roll(_tail);
            _end = SegmentEnd.OfNewFile;
        }

        if (_gathering.IsEmpty)
        {
            _gathering.Start(_segment, _end.Offset);
        }
        else if (_gathering.Length + EntryLimits.HeaderBytes + bytes > StoreLimits.BatchBytesMax)
        {
            CloseEntry();
            return false;
        }

        _entry ??= OpenNewEntry();
        return true;
    }

    /// <summary>Adds a message with this id; returns how many its channel holds with it. Only after <see cref="TryBegin"/> made room.</summary>
    public ulong Append(ReadOnlySpan<byte> frame, MessageId id)
    {
        InvariantViolation.Assert(_entry is not null, "an entry is open while messages are added");
        var place = _gathering.Length;
        var stored = _gathering.Extend(frame.Length);
        frame.CopyTo(stored);
        FrameStamp.Stamp(stored, _tail.NextLsn, id);
        var frames = new FrameEnumerator(stored);
        frames.MoveNext();
        var version = Rows.Add(frames.Current, FrameLocation.Of(_gathering.Offset + place, frame.Length));
        _tail = _tail with { NextLsn = _tail.NextLsn.Next };
        _entry = _entry.Value.WithOneMore();
        return version;
    }

    /// <summary>A place to go back to within a request.</summary>
    public AppendCheckpoint Checkpoint() => new(_gathering.Length, _entry, _tail.NextLsn, Rows.Checkpoint());

    /// <summary>Takes back the messages added since a checkpoint of the same request.</summary>
    public void RollbackTo(AppendCheckpoint checkpoint)
    {
        Rows.RollbackTo(checkpoint.Rows);
        _gathering.CutTo(checkpoint.BatchLength);
        _entry = checkpoint.Entry;
        _tail = _tail with { NextLsn = checkpoint.NextLsn };
    }

    /// <summary>Closes the gathered batch and hands it over; null where nothing was gathered. It comes back through <see cref="Recycle"/>.</summary>
    internal PendingBatch? Take()
    {
        CloseEntry();
        if (DropIfEmpty())
        {
            return null;
        }

        var batch = _gathering;
        new SyncMark(_end.NextSequence, _end.LastMarkOffset, batch.Length - StoreLimits.SyncMarkBytes, _segment.Tag).Write(batch.Bytes);
        batch.LastOp = _tail.NextOp - 1;
        batch.EndLsn = _tail.NextLsn;
        _end = new SegmentEnd(batch.Offset + batch.Length, _end.NextSequence + 1, batch.Offset);
        _gathering = _spare ?? throw new InvariantViolation("one batch gathers while one is written");
        _spare = null;
        return batch;
    }

    internal void Recycle(PendingBatch batch)
    {
        batch.Reset();
        _spare = batch;
    }

    private ActiveIndex Rows => (ActiveIndex)_segment.Index;

    private bool SegmentHasRoom(int bytes, int messages)
    {
        var rows = Rows.Count;
        var offset = _end.Offset + _gathering.Length + StoreLimits.SyncMarkBytes + EntryLimits.HeaderBytes + bytes;
        return rows == 0 || (offset <= _options.SegmentBytesMax && rows + messages <= _options.SegmentMessagesMax);
    }

    // True where nothing is gathered any more.
    private bool DropIfEmpty()
    {
        if (!_gathering.IsEmpty && _gathering.Length == StoreLimits.SyncMarkBytes)
        {
            _gathering.Reset();
        }

        return _gathering.IsEmpty;
    }

    private OpenEntry OpenNewEntry()
    {
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var start = _gathering.Length;
        _gathering.Extend(EntryLimits.HeaderBytes);
        return new OpenEntry(start, Rows.Count, _tail.NextLsn, 0, Math.Max(now, _tail.TimestampMilliseconds));
    }

    private void CloseEntry()
    {
        if (_entry is not { } entry)
        {
            return;
        }

        _entry = null;
        if (entry.MessageCount == 0)
        {
            _gathering.CutTo(entry.Start);
            return;
        }

        var bytes = _gathering.Bytes[entry.Start..];
        var header = new EntryHeader
        {
            ParentChecksum = _tail.ParentChecksum,
            BodyChecksum = Checksum.Of(bytes[EntryLimits.HeaderBytes..]),
            Op = _tail.NextOp,
            FirstLsn = entry.FirstLsn,
            TimestampMilliseconds = entry.TimestampMilliseconds,
            Kind = EntryKind.Messages,
            MessageCount = (uint)entry.MessageCount,
            SizeBytes = (uint)bytes.Length,
        };
        _segment.Entries.Add(new EntryPlace(entry.FirstRow, (uint)((_gathering.Offset + entry.Start) / StoreLimits.AlignmentBytes)));
        _tail = _tail with { NextOp = header.Op + 1, ParentChecksum = header.Write(bytes), TimestampMilliseconds = entry.TimestampMilliseconds };
    }
}
