using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Segments;
using Microsoft.Extensions.Logging;

namespace Dymes.MessageStore.Recovery;

/// <summary>
/// Reads the segment that was growing, batch by batch, checks everything and fills its index. It stops where the batches stop making sense, and says why;
/// <see cref="TailVerdict"/> decides what that means.
/// </summary>
internal sealed class SegmentWalk(Segment segment, LogTail tail, UncommittedTails? tails = null)
{
    private readonly ByteWindow _window = new(segment.File);
    private readonly ActiveIndex _rows = (ActiveIndex)segment.Index;
    private readonly List<(LogTail Tail, ulong CommitOp)> _read = []; // of the present batch

    /// <summary>The tail behind the last whole batch.</summary>
    public LogTail Tail { get; private set; } = tail;

    /// <summary>Where the whole batches end.</summary>
    public SegmentEnd End { get; private set; } = SegmentEnd.OfNewFile;

    /// <summary>Walks to the end of the whole batches.</summary>
    public WalkStop Run()
    {
        while (true)
        {
            var bytes = _window.At(End.Offset, StoreLimits.SyncMarkBytes);
            if (!SyncMark.TryRead(bytes, segment.Tag, out var mark))
            {
                return IsZeroFrom(End.Offset)
                    ? new WalkStop(WalkStopKind.Zeros, End.Offset, "the batches end")
                    : new WalkStop(WalkStopKind.Damage, End.Offset, "there is no valid mark");
            }

            if (mark.Sequence != End.NextSequence || mark.PreviousOffset != End.LastMarkOffset || mark.BatchBytes < 0)
            {
                return new WalkStop(WalkStopKind.Damage, End.Offset, $"the mark has number {mark.Sequence}, not {End.NextSequence}");
            }

            var entries = segment.Entries.Count;
            var end = End.Offset + StoreLimits.SyncMarkBytes + mark.BatchBytes;
            if (ReadBatch(ref end) is { } stop)
            {
                segment.CutTo(entries);
                ForgetBatch();
                return stop;
            }

            GoBehindBatch(end);
        }
    }

    /// <summary>Goes on behind a batch of which all entries were read.</summary>
    public void GoBehindBatch(long end)
    {
        segment.Marks.Add(End.Offset);
        End = new SegmentEnd(end, End.NextSequence + 1, End.Offset);
        foreach (var (behind, commitOp) in _read)
        {
            Tail = behind;
            tails?.Add(behind);
            tails?.CommitTo(commitOp);
        }

        _read.Clear();
    }

    /// <summary>Forgets what was read of the present batch.</summary>
    public void ForgetBatch() => _read.Clear();

    /// <summary>Whether a later mark of this file is found behind an offset: then what is before it was durable.</summary>
    public bool HasMarkBehind(long offset)
    {
        for (var at = offset + StoreLimits.AlignmentBytes; ; at += StoreLimits.AlignmentBytes)
        {
            var bytes = _window.At(at, StoreLimits.SyncMarkBytes);
            if (bytes.Length < StoreLimits.SyncMarkBytes)
            {
                return false;
            }

            if (SyncMark.TryRead(bytes, segment.Tag, out var mark) && mark.Sequence > End.NextSequence)
            {
                return true;
            }
        }
    }

    /// <summary>Cuts off what was being written when the machine stopped.</summary>
    public void CutTornWrite(WalkStop stop, TailRow row, ILogger logger)
    {
        logger.LogWarning(
            "{Path}: {Reason} at offset {Offset}. It is the last batch and was never acknowledged ({Row}): {Bytes} bytes are cut.",
            segment.Path, stop.Reason, stop.Offset, row.Label, segment.File.Length - End.Offset);
        segment.File.SetLength(End.Offset);
    }

    /// <summary>Whether the mark of the batch behind the present one is at an offset.</summary>
    public bool IsNextMark(long offset) =>
        SyncMark.TryRead(_window.At(offset, StoreLimits.SyncMarkBytes), segment.Tag, out var next) && next.Sequence == End.NextSequence + 1 && next.PreviousOffset == End.Offset;

    /// <summary>Reads an entry of the present batch that continues a tail, which then is the one behind it. Where it cannot be read nothing is changed.</summary>
    public WalkStop? ReadEntry(long offset, long end, ref LogTail tail, out long next)
    {
        next = offset;
        if (!EntryHeader.TryRead(_window.At(offset, EntryLimits.HeaderBytes), out var header, out var checksum))
        {
            return Damage(offset, "the entry's header does not match its checksum");
        }

        if (header.ParentChecksum != tail.ParentChecksum || header.Op != tail.NextOp || header.FirstLsn != tail.NextLsn || offset + header.SizeBytes > end)
        {
            return Damage(offset, $"the entry is op {header.Op} with message {header.FirstLsn}; expected op {tail.NextOp} with message {tail.NextLsn} and its parent's checksum");
        }

        var bytes = _window.At(offset, (int)header.SizeBytes);
        if (bytes.Length < header.SizeBytes || Checksum.Of(bytes[EntryLimits.HeaderBytes..]) != header.BodyChecksum)
        {
            return Damage(offset, $"the body of op {header.Op} does not match its checksum");
        }

        if (!Enum.IsDefined(header.Kind))
        {
            throw new DymesException(
                ErrorCode.ForeignFile, $"{segment.Path}: op {header.Op} at offset {offset} is of kind {(int)header.Kind}, which this version does not know. Start the version that wrote it, or a newer one.");
        }

        var rows = _rows.Checkpoint();
        if (AddRows(bytes[EntryLimits.HeaderBytes..], offset + EntryLimits.HeaderBytes, header) is { } stop)
        {
            _rows.RollbackTo(rows);
            return stop;
        }

        tail = new LogTail(header.Op + 1, new Lsn(header.FirstLsn.Value + header.MessageCount), checksum, header.TimestampMilliseconds);
        Note(offset, rows.Count, tail, header.Commit);
        next = offset + header.SizeBytes;
        return null;
    }

    /// <summary>Takes note of an entry of the present batch.</summary>
    public void Note(long offset, int firstRow, LogTail behind, ulong commitOp)
    {
        segment.Entries.Add(new EntryPlace(firstRow, (uint)(offset / StoreLimits.AlignmentBytes)));
        _read.Add((behind, commitOp));
    }

    // A batch ends sooner than its mark says where the log was cut: there, in place of an entry, is the next mark.
    private WalkStop? ReadBatch(ref long end)
    {
        var tail = Tail;
        var offset = End.Offset + StoreLimits.SyncMarkBytes;
        while (offset < end)
        {
            if (IsNextMark(offset))
            {
                end = offset;
            }
            else if (ReadEntry(offset, end, ref tail, out offset) is { } stop)
            {
                return stop;
            }
        }

        return null;
    }

    private WalkStop? AddRows(ReadOnlySpan<byte> body, long offset, EntryHeader header)
    {
        if (header.MessageCount > 0 != (header.Kind == EntryKind.Messages))
        {
            return Damage(offset, $"op {header.Op} is of kind {header.Kind} and says that it has {header.MessageCount} messages");
        }

        var lsn = header.FirstLsn;
        body = body[..header.FrameBytes];
        while (!body.IsEmpty)
        {
            var fault = MessageFrame.TryRead(body, out var frame);
            if (fault != FrameFault.None || frame.Lsn != lsn || _rows.FindId(frame.Id) >= 0)
            {
                return Damage(offset, $"message {lsn} is not valid ({fault})");
            }

            _rows.Add(frame, FrameLocation.Of(offset, frame.Bytes.Length));
            offset += frame.Bytes.Length;
            body = body[frame.Bytes.Length..];
            lsn = lsn.Next;
        }

        return lsn.Value - header.FirstLsn.Value == header.MessageCount ? null : Damage(offset, $"op {header.Op} has another number of messages than it says");
    }

    /// <summary>Whether there is nothing but zeros behind an offset.</summary>
    public bool IsZeroFrom(long offset)
    {
        const int Step = 1 << 16;
        for (var at = offset; ; at += Step)
        {
            var bytes = _window.At(at, Step);
            if (bytes.ContainsAnyExcept((byte)0))
            {
                return false;
            }

            if (bytes.Length < Step)
            {
                return true;
            }
        }
    }

    private static WalkStop Damage(long offset, string reason) => new(WalkStopKind.Damage, offset, reason);
}

/// <summary>How a walk ended.</summary>
internal enum WalkStopKind
{
    /// <summary>Behind the last batch there are only zeros, or nothing.</summary>
    Zeros,

    /// <summary>There is something that is no batch.</summary>
    Damage,
}

/// <summary>Where and why a walk ended.</summary>
/// <param name="Kind">How.</param>
/// <param name="Offset">Where the first bytes are that do not make sense.</param>
/// <param name="Reason">What is wrong with them.</param>
internal sealed record WalkStop(WalkStopKind Kind, long Offset, string Reason);
