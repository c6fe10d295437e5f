using Dymes.Common;
using Dymes.Message;

namespace Dymes.MessageStore.Segments;

/// <summary>
/// Puts messages behind each other into the entry that is open. Frames are copied once, stamped in place and indexed at once; readers see them when they are committed. A node of its own
/// opens and closes entries here, with the time of its clock; a replica does both through <see cref="ReplicaAppender"/>. Owned by whoever holds the store's gate.
/// </summary>
public sealed class LogAppender
{
    private readonly GatheringLog _log;
    private readonly TimeProvider? _clock;

    /// <param name="log">The log.</param>
    /// <param name="clock">What entries are stamped with; null where a replica opens and closes them.</param>
    internal LogAppender(GatheringLog log, TimeProvider? clock)
    {
        _log = log;
        _clock = clock;
    }

    /// <summary>The position that the next message gets.</summary>
    public Lsn NextLsn => _log.Tail.NextLsn;

    /// <summary>The time that messages are stamped with: that of the open entry, in milliseconds since 1970. It never steps back.</summary>
    public long TimestampMilliseconds => _log.Entry?.TimestampMilliseconds ?? _log.Tail.TimestampMilliseconds;

    /// <summary>The bytes that have gathered and that the disk has not taken.</summary>
    public long GatheredBytes => _log.WaitingBytes;

    /// <summary>Makes room for a request, in one entry. False where the gathered batch must go to disk first.</summary>
    /// <param name="bytes">The bytes of its frames.</param>
    /// <param name="messages">The number of its frames.</param>
    public bool TryBegin(int bytes, int messages)
    {
        if (_clock is null)
        {
            InvariantViolation.Assert(_log.Entry is { } given && given.HasRoom(_log.Batch.Length, bytes, messages), "the replica has opened an entry that the request fits into");
            return true;
        }

        if (_log.Entry is { } open && !open.HasRoom(_log.Batch.Length, bytes, messages))
        {
            CloseEntry();
        }

        if (!_log.SegmentHasRoom(bytes, messages))
        {
            CloseEntry();
            if (!_log.DropBatchIfEmpty())
            {
                return false;
            }

            _log.Roll();
        }

        if (!_log.BatchHasRoom(bytes))
        {
            CloseEntry();
            return false;
        }

        _log.StartBatch();
        if (_log.Entry is null)
        {
            _log.Open(Math.Max(_clock.GetUtcNow().ToUnixTimeMilliseconds(), _log.Tail.TimestampMilliseconds));
        }

        return true;
    }

    /// <summary>Adds a message with this id; returns how many its channel holds with it. Only after <see cref="TryBegin"/> made room.</summary>
    /// <exception cref="DymesException">What older segments hold of the channel is damaged; the message is to be taken back.</exception>
    public ulong Append(ReadOnlySpan<byte> frame, MessageId id)
    {
        InvariantViolation.Assert(_log.Entry is not null, "an entry is open while messages are added");
        var place = _log.Batch.Length;
        var stored = _log.Batch.Extend(frame.Length);
        frame.CopyTo(stored);
        FrameStamp.Stamp(stored, _log.Tail.NextLsn, id);
        return _log.Rows.VersionAt(_log.AddRow(place));
    }

    /// <summary>A message that is in the index and that its file may not have yet; false where the file has it.</summary>
    public bool TryGetUnwritten(Segment segment, int row, out MessageFrame frame)
    {
        frame = default;
        return _log.TryGetUnwritten(segment, segment.Index.LocationAt(row), out var bytes) && MessageFrame.TryRead(bytes, out frame) == FrameFault.None;
    }

    /// <summary>A place to go back to within a request.</summary>
    public AppendCheckpoint Checkpoint() => new(_log.Batch.Length, _log.Entry, _log.Tail.NextLsn, _log.Rows.Checkpoint());

    /// <summary>Takes back the messages added since a checkpoint of the same request.</summary>
    public void RollbackTo(AppendCheckpoint checkpoint)
    {
        _log.Rows.RollbackTo(checkpoint.Rows);
        _log.Batch.CutTo(checkpoint.BatchLength);
        _log.Entry = checkpoint.Entry;
        _log.Tail = _log.Tail with { NextLsn = checkpoint.NextLsn };
    }

    /// <summary>Closes an entry that only the clock holds open, and hands over the next thing for the disk to do; null where there is none.</summary>
    internal DiskWork? Take()
    {
        if (_clock is not null)
        {
            CloseEntry();
        }

        return _log.Take();
    }

    private void CloseEntry()
    {
        if (_log.Entry is not { } entry)
        {
            return;
        }

        if (entry.MessageCount == 0)
        {
            _log.Drop();
            return;
        }

        var body = _log.Body;
        _log.Close(new EntryHeader
        {
            ParentChecksum = _log.Tail.ParentChecksum,
            BodyChecksum = Checksum.Of(body),
            Op = _log.Tail.NextOp,
            FirstLsn = entry.FirstLsn,
            TimestampMilliseconds = entry.TimestampMilliseconds,
            Kind = EntryKind.Messages,
            MessageCount = (uint)entry.MessageCount,
            SizeBytes = (uint)(EntryLimits.HeaderBytes + body.Length),
        });
    }
}
