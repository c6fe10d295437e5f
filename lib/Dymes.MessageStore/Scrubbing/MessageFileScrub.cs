using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Reading;
using Dymes.MessageStore.Segments;

namespace Dymes.MessageStore.Scrubbing;

/// <summary>Checks the entries of a segment as they are on the disk, a piece at a time.</summary>
/// <param name="segment">The segment.</param>
/// <param name="file">Its message file.</param>
/// <param name="reader">Reads it.</param>
/// <param name="lastOp">The last entry that is to be checked: it is committed, and on the disk.</param>
internal sealed class MessageFileScrub(Segment segment, IDataFile file, DiskReader reader, ulong lastOp)
{
    private ulong _nextOp = segment.Header.FirstOp;
    private long _carefulUntil; // some piece up to here cannot be read at one go

    /// <summary>Whether there are entries that were not checked yet.</summary>
    public bool HasMore => _nextOp <= lastOp;

    /// <summary>Checks the next entries and adds those that are damaged. Returns how many bytes were read.</summary>
    public int CheckPiece(List<ulong> damaged)
    {
        var start = segment.PlaceOf(_nextOp).Offset;
        try
        {
            return Check(start, start < _carefulUntil ? RoomOf(_nextOp) : DiskReader.PieceBytes, damaged);
        }
        catch (IOException) when (start >= _carefulUntil)
        {
            _carefulUntil = start + DiskReader.PieceBytes; // a sector cannot be read: whose it is shows when they are read one by one
        }
        catch (IOException)
        {
            damaged.Add(_nextOp++);
        }

        return DiskReader.PieceBytes;
    }

    private int Check(long start, int length, List<ulong> damaged)
    {
        var bytes = reader.Read(file, start, length);
        var readBytes = bytes.Length;
        for (var isFirst = true; HasMore; isFirst = false)
        {
            var entry = bytes[(int)Math.Min(segment.PlaceOf(_nextOp).Offset - start, bytes.Length)..];
            var hasHeader = EntryReader.TryReadHeader(entry, _nextOp, out var header);
            if (hasHeader && header.SizeBytes > entry.Length && isFirst)
            {
                entry = bytes = reader.Read(file, start, (int)header.SizeBytes); // larger than a piece
                readBytes = bytes.Length;
                hasHeader = EntryReader.TryReadHeader(entry, _nextOp, out header);
            }
            else if (!isFirst && entry.Length < (hasHeader ? header.SizeBytes : EntryLimits.HeaderBytes))
            {
                break; // it begins the next piece
            }

            if (!hasHeader || !EntryReader.IsWhole(entry, header))
            {
                damaged.Add(_nextOp);
            }

            _nextOp++;
        }

        return readBytes;
    }

    // Up to the next entry; the last one's end is not known, and behind it nothing is to be read.
    private int RoomOf(ulong op) =>
        op < segment.LastPlacedOp ? (int)Math.Min(segment.PlaceOf(op + 1).Offset - segment.PlaceOf(op).Offset, EntryLimits.HeaderBytes + EntryLimits.BodyBytesMax) : DiskReader.PieceBytes;
}
