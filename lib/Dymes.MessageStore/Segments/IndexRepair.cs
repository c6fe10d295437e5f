using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Reading;

namespace Dymes.MessageStore.Segments;

/// <summary>
/// Makes the indexes whole again when damaged entries are back in their places. Until then the segments that were read around them know too little to be sealed, and to say what is not in the
/// log. With the store's gate held.
/// </summary>
internal sealed class IndexRepair
{
    private readonly SegmentList _segments;
    private readonly GatheringLog _log;
    private readonly SealingOrder _sealing;
    private readonly SegmentSealer _sealer;
    private readonly SortedSet<ulong> _damaged;
    private readonly uint _firstSegment;
    private readonly ulong _lastOpOnDisk;

    /// <param name="segments">The segments.</param>
    /// <param name="log">What is not on disk yet.</param>
    /// <param name="sealing">Waits for the repair.</param>
    /// <param name="sealer">Makes index files again.</param>
    /// <param name="damagedOps">The damaged entries of the segments that grow, as they were found.</param>
    public IndexRepair(SegmentList segments, GatheringLog log, SealingOrder sealing, SegmentSealer sealer, IReadOnlyList<ulong> damagedOps)
    {
        _segments = segments;
        _log = log;
        _sealing = sealing;
        _sealer = sealer;
        _damaged = [.. damagedOps];
        _lastOpOnDisk = log.Tail.NextOp - 1;
        _firstSegment = damagedOps.Count == 0 ? 0 : segments.OfOp(damagedOps[0]).Number;
        NoteRest();
    }

    /// <summary>Whether the index knows all messages.</summary>
    public bool IsComplete => _damaged.Count == 0;

    /// <summary>A damaged entry is back in its place on disk.</summary>
    public void OnRewritten(Segment segment, ulong op)
    {
        if (segment.IsSealed)
        {
            RebuildSealed(segment);
        }
        else if (_damaged.Remove(op) && IsComplete)
        {
            ReadAllAgain();
        }

        NoteRest();
    }

    // The later segments too: they count a channel's messages from those before.
    private void ReadAllAgain()
    {
        foreach (var growing in _segments.All[((int)_firstSegment - 1)..])
        {
            if (ReadAgain(growing) is not { } rows)
            {
                return;
            }

            growing.BecomeWhole(rows);
        }
    }

    private void NoteRest() => _sealing.WaitForRepair(_damaged.Count == 0 ? null : _damaged.Min);

    private void RebuildSealed(Segment segment)
    {
        if (segment.Index is ActiveIndex)
        {
            segment.BecomeSealed(_sealer.Rebuild(segment, segment.File.Length, segment.Index.Count).Index);
        }
    }

    // Null where another entry has gone bad meanwhile.
    private ActiveIndex? ReadAgain(Segment segment)
    {
        var rows = new ActiveIndex(segment.FirstLsn, channel => _segments.FindChannelBefore(segment, channel));
        var reader = new EntryReader(_segments);
        for (var op = segment.Header.FirstOp; op <= segment.LastOp; op++)
        {
            if (op > _lastOpOnDisk)
            {
                AddNewer(rows, segment, op);
                continue;
            }

            if (reader.Read(op, op, 0, 1).Entries is not [var entry])
            {
                _damaged.Add(op);
                return null;
            }

            AddStored(rows, segment.PlaceOf(op).Offset, entry.Span);
        }

        return rows;
    }

    private static void AddStored(ActiveIndex rows, long offset, ReadOnlySpan<byte> entry)
    {
        EntryHeader.TryRead(entry, out var header, out _);
        offset += EntryLimits.HeaderBytes;
        foreach (var frame in new FrameEnumerator(entry.Slice(EntryLimits.HeaderBytes, header.FrameBytes)))
        {
            rows.Add(frame, FrameLocation.Of(offset, frame.Bytes.Length));
            offset += frame.Bytes.Length;
        }
    }

    // Entries that came since the start may be in memory only; their rows are right.
    private void AddNewer(ActiveIndex rows, Segment segment, ulong op)
    {
        var endRow = op < segment.LastOp ? segment.Entries[(int)(op + 1 - segment.Header.FirstOp)].FirstRow : segment.Index.Count;
        for (var row = rows.Count; row < endRow; row++)
        {
            var location = segment.Index.LocationAt(row);
            if (!_log.TryGetUnwritten(segment, location, out var bytes))
            {
                var stored = new byte[location.Size];
                segment.File.Read(stored, location.Offset);
                bytes = stored;
            }

            var frames = new FrameEnumerator(bytes);
            frames.MoveNext();
            rows.Add(frames.Current, location);
        }
    }
}
