using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Reading;

namespace Dymes.MessageStore.Segments;

/// <summary>The rows of a segment that grows, made again from its entries.</summary>
internal sealed class IndexRereading
{
    private readonly Segment _segment;
    private readonly EntryReader _reader;

    public IndexRereading(Segment segment, SegmentList segments)
    {
        _segment = segment;
        _reader = new EntryReader(segments);
        NextOp = segment.Header.FirstOp;
        Rows = new ActiveIndex(segment.FirstLsn, channel => segments.FindChannelBefore(segment, channel));
    }

    /// <summary>What was read so far.</summary>
    public ActiveIndex Rows { get; }

    /// <summary>The op that is read next.</summary>
    public ulong NextOp { get; private set; }

    /// <summary>Reads entries that are committed and on disk. Gives the op of one that is damaged.</summary>
    public ulong? ReadTo(ulong lastOp)
    {
        for (; NextOp <= lastOp; NextOp++)
        {
            if (_reader.Read(NextOp, NextOp, 0, 1).Entries is not [var entry])
            {
                return NextOp;
            }

            Add(_segment.PlaceOf(NextOp).Offset, entry.Span);
        }

        return null;
    }

    /// <summary>Adds the rows of the entries that may be in memory only, as the present index has them. With the gate held.</summary>
    public void TakeRest(GatheringLog log)
    {
        for (var row = Rows.Count; row < _segment.Index.Count; row++)
        {
            var location = _segment.Index.LocationAt(row);
            if (!log.TryGetUnwritten(_segment, location, out var bytes))
            {
                var stored = new byte[location.Size];
                _segment.File.Read(stored, location.Offset);
                bytes = stored;
            }

            var frames = new FrameEnumerator(bytes);
            frames.MoveNext();
            Rows.Add(frames.Current, location);
        }
    }

    private void Add(long offset, ReadOnlySpan<byte> entry)
    {
        EntryHeader.TryRead(entry, out var header, out _);
        offset += EntryLimits.HeaderBytes;
        foreach (var frame in new FrameEnumerator(entry.Slice(EntryLimits.HeaderBytes, header.FrameBytes)))
        {
            Rows.Add(frame, FrameLocation.Of(offset, frame.Bytes.Length));
            offset += frame.Bytes.Length;
        }
    }
}
