using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Reading;
using Dymes.MessageStore.Segments;

namespace Dymes.MessageStore.Scrubbing;

/// <summary>Checks the entries of a segment as they are on the disk, and what lies between them, a piece at a time.</summary>
/// <param name="segment">The segment.</param>
/// <param name="file">Its message file.</param>
/// <param name="reader">Reads it.</param>
/// <param name="lastOp">The last entry that is to be checked: it is committed, and on the disk.</param>
internal sealed class MessageFileScrub(Segment segment, IDataFile file, DiskReader reader, ulong lastOp)
{
    private const ulong EntriesPerPiece = (DiskReader.PieceBytes / EntryLimits.HeaderBytes) + 1;
    private readonly MarkScrub _marks = new(segment);
    private readonly List<ulong> _damaged = [];
    private ulong _nextOp = segment.Header.FirstOp;
    private long _carefulUntil; // some piece up to here cannot be read at one go

    /// <summary>Whether there are entries that were not checked yet.</summary>
    public bool HasMore => _nextOp <= lastOp;

    /// <summary>The entries that are damaged.</summary>
    public IReadOnlyList<ulong> Damaged => _damaged;

    /// <summary>What lies between entries and is damaged, as it should be, and where.</summary>
    public IReadOnlyList<(long Offset, byte[] Bytes)> Mended => _marks.Mended;

    /// <summary>Checks the next entries. Returns how many bytes were read.</summary>
    public int CheckPiece()
    {
        segment.RequirePlaces(_nextOp, _nextOp + EntriesPerPiece);
        var place = segment.PlaceOf(_nextOp).Offset;
        var start = Math.Min(_marks.End ?? place, place);
        var isCareful = start < _carefulUntil;
        try
        {
            return Check(start, isCareful ? (int)(place - start) + RoomOf(_nextOp) : DiskReader.PieceBytes);
        }
        catch (IOException) when (!isCareful)
        {
            _carefulUntil = start + DiskReader.PieceBytes; // a sector cannot be read: whose it is shows when they are read one by one
        }
        catch (IOException)
        {
            Note(damaged: true, end: null);
        }

        return DiskReader.PieceBytes;
    }

    /// <summary>Checks what lies behind the last entry of a segment that grows no more.</summary>
    public void CheckEnd()
    {
        var length = file.Length;
        if (_marks.End is { } end && length - end <= DiskReader.PieceBytes)
        {
            _marks.Read(reader.Read(file, end, (int)Math.Max(0, length - end)));
            _marks.Finish(length);
        }
    }

    private int Check(long start, int length)
    {
        var bytes = reader.Read(file, start, length);
        for (var isFirst = true; HasMore; isFirst = false)
        {
            var at = (int)Math.Min(segment.PlaceOf(_nextOp).Offset - start, bytes.Length);
            var hasHeader = EntryReader.TryReadHeader(bytes[at..], _nextOp, out var header);
            if (isFirst && hasHeader && header.SizeBytes > bytes.Length - at)
            {
                bytes = reader.Read(file, start, at + (int)header.SizeBytes); // larger than a piece
                at = Math.Min(at, bytes.Length);
                hasHeader = EntryReader.TryReadHeader(bytes[at..], _nextOp, out header);
            }
            else if (!isFirst && bytes.Length - at < (hasHeader ? header.SizeBytes : EntryLimits.HeaderBytes))
            {
                break; // it begins the next piece
            }

            _marks.Read(_marks.End is { } end && end >= start && end < start + at ? bytes[(int)(end - start)..at] : []);
            Note(!hasHeader || !EntryReader.IsWhole(bytes[at..], header), hasHeader ? start + at + header.SizeBytes : null);
        }

        return bytes.Length;
    }

    private void Note(bool damaged, long? end)
    {
        if (damaged)
        {
            _damaged.Add(_nextOp);
        }

        _marks.GoBehindEntry(end);
        _nextOp++;
    }

    // Up to the next entry; the last one's end is not known, and behind it nothing is to be read.
    private int RoomOf(ulong op) =>
        op < segment.LastPlacedOp ? (int)Math.Min(segment.PlaceOf(op + 1).Offset - segment.PlaceOf(op).Offset, EntryLimits.HeaderBytes + EntryLimits.BodyBytesMax) : DiskReader.PieceBytes;
}
