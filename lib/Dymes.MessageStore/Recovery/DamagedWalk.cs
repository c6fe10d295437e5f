using System.Buffers.Binary;
using Dymes.Common;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Segments;

namespace Dymes.MessageStore.Recovery;

/// <summary>
/// Goes on with the walk of a segment of a replica where that stopped at damage: past entries of which it is known where they end and that exactly one is lost, because those can be got
/// from another replica and put back into their places. It stops where that is not known.
/// </summary>
/// <param name="walk">The walk that stopped.</param>
/// <param name="segment">Its segment.</param>
/// <param name="isCovered">Whether the journal, or a later segment, says that what is at an offset was durable.</param>
internal sealed class DamagedWalk(SegmentWalk walk, Segment segment, Func<long, bool> isCovered)
{
    private readonly ByteWindow _window = new(segment.File);
    private readonly FrameSalvage _frames = new(new ByteWindow(segment.File), (ActiveIndex)segment.Index, segment.FirstLsn);
    private readonly List<ulong> _damaged = [];

    /// <summary>The ops of the entries that cannot be read as they were.</summary>
    public IReadOnlyList<ulong> DamagedOps => _damaged;

    /// <summary>Walks to the end of the batches, to a torn write, or to damage that it cannot get past. What is before that is read.</summary>
    public WalkStop Run()
    {
        while (true)
        {
            var start = walk.End.Offset;
            var tail = walk.Tail;
            var entries = segment.Entries.Count;
            var hasMark = TryReadMark(out var mark);
            if (!hasMark && !Continues(start + StoreLimits.SyncMarkBytes, tail))
            {
                return walk.IsZeroFrom(start)
                    ? new WalkStop(WalkStopKind.Zeros, start, "the batches end")
                    : new WalkStop(WalkStopKind.Damage, start, "there is no valid mark, nor an entry behind its place");
            }

            var offset = start + StoreLimits.SyncMarkBytes;
            var end = hasMark ? offset + mark.BatchBytes : segment.File.Length;
            var stop = ReadBatch(ref offset, ref end, ref tail, hasMark);
            if ((stop is not null || !hasMark) && !walk.HasMarkBehind(offset) && !isCovered(start))
            {
                segment.CutTo(entries); // never acknowledged: the write was torn
                walk.ForgetBatch();
                _damaged.RemoveAll(op => op >= walk.Tail.NextOp);
                return new WalkStop(WalkStopKind.Damage, start, stop?.Reason ?? "the last batch has no valid mark");
            }

            walk.GoBehindBatch(offset);
            if (stop is not null)
            {
                return stop;
            }
        }
    }

    private WalkStop? ReadBatch(ref long offset, ref long end, ref LogTail tail, bool hasMark)
    {
        while (offset < end)
        {
            if (walk.IsNextMark(offset) || (!hasMark && walk.IsZeroFrom(offset)))
            {
                end = offset;
            }
            else if (walk.ReadEntry(offset, end, ref tail, out var next) is { } stop)
            {
                if (!TryPass(ref offset, end, ref tail))
                {
                    return stop;
                }
            }
            else
            {
                offset = next;
            }
        }

        return null;
    }

    private bool TryPass(ref long offset, long end, ref LogTail tail)
    {
        if (FindEnd(offset, end, tail) is not { } found)
        {
            return false;
        }

        var firstRow = segment.Index.Count;
        _frames.ReadAll(offset + EntryLimits.HeaderBytes, found.FramesEnd, found.Behind.NextLsn);
        _damaged.Add(tail.NextOp);
        walk.Note(offset, firstRow, found.Behind, 0);
        tail = found.Behind;
        offset = found.Offset;
        return true;
    }

    // By its own header; else by the entry behind it; else by the batch behind it.
    private PassedEntry? FindEnd(long offset, long end, LogTail tail)
    {
        var head = _window.At(offset, EntryLimits.HeaderBytes);
        if (head.Length < EntryLimits.HeaderBytes)
        {
            return null;
        }

        var (stored, computed) = (BinaryPrimitives.ReadUInt128LittleEndian(head), Checksum.Of(head[16..]));
        if (!EntryHeader.TryRead(head, out var header, out _))
        {
            return FindEntryBehind(offset, end, tail, stored, computed);
        }

        return header.Op == tail.NextOp && header.ParentChecksum == tail.ParentChecksum && header.FirstLsn == tail.NextLsn && offset + header.SizeBytes <= end
            ? new PassedEntry(
                offset + header.SizeBytes, offset + EntryLimits.HeaderBytes + header.FrameBytes,
                new LogTail(header.Op + 1, new Lsn(header.FirstLsn.Value + header.MessageCount), stored, header.TimestampMilliseconds))
            : null;
    }

    // A body may hold bytes that look like an entry; but nobody who writes one knows the checksum of the damaged header, be it that or the rest of the header that is damaged.
    private PassedEntry? FindEntryBehind(long offset, long end, LogTail tail, UInt128 stored, UInt128 computed)
    {
        var last = Math.Min(end, offset + EntryLimits.HeaderBytes + EntryLimits.BodyBytesMax);
        for (var at = offset + EntryLimits.HeaderBytes; at <= last; at += StoreLimits.AlignmentBytes)
        {
            var isNextBatch = at == end || walk.IsNextMark(at);
            var next = isNextBatch ? at + StoreLimits.SyncMarkBytes : at;
            if (EntryHeader.TryRead(_window.At(next, EntryLimits.HeaderBytes), out var header, out _) && header.Op == tail.NextOp + 1 && header.FirstLsn >= tail.NextLsn
                && (isNextBatch || header.ParentChecksum == stored || header.ParentChecksum == computed))
            {
                return new PassedEntry(at, at, new LogTail(header.Op, header.FirstLsn, header.ParentChecksum, header.TimestampMilliseconds));
            }
        }

        return null;
    }

    private bool Continues(long offset, LogTail tail) =>
        EntryHeader.TryRead(_window.At(offset, EntryLimits.HeaderBytes), out var header, out _) && header.Op == tail.NextOp && header.ParentChecksum == tail.ParentChecksum;

    private bool TryReadMark(out SyncMark mark) =>
        SyncMark.TryRead(_window.At(walk.End.Offset, StoreLimits.SyncMarkBytes), segment.Tag, out mark)
            && mark.Sequence == walk.End.NextSequence && mark.PreviousOffset == walk.End.LastMarkOffset && mark.BatchBytes >= 0;

    // An entry that cannot be read as it was: where it ends, where its messages end at the latest, and what the next entry continues.
    private readonly record struct PassedEntry(long Offset, long FramesEnd, LogTail Behind);
}
