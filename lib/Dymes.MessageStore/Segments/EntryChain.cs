using Dymes.Common;
using Dymes.MessageStore.Reading;

namespace Dymes.MessageStore.Segments;

/// <summary>Says whether an entry is the one that was in a place of the log, by those before and behind it.</summary>
internal sealed class EntryChain(SegmentList segments)
{
    private readonly EntryReader _reader = new(segments);

    /// <summary>The place of an entry; null where another one was there.</summary>
    /// <exception cref="DymesException">It is not known now: the index is damaged, and being made again.</exception>
    public long? PlaceOf(in EntryHeader header, LogTail tail)
    {
        var segment = segments.OfOp(header.Op);
        return segment.FirstLost is { } lost && lost.Op == header.Op
            ? header.ParentChecksum == lost.ParentChecksum ? lost.PlaceOf(header.SizeBytes) : null
            : Takes(segment, header, tail) ? segment.PlaceOf(header.Op).Offset : null;
    }

    private bool Takes(Segment segment, in EntryHeader header, LogTail tail)
    {
        Span<byte> bytes = stackalloc byte[EntryLimits.HeaderBytes];
        var checksum = header.Write(bytes);
        if (header.Op > segment.LastPlacedOp)
        {
            return false;
        }

        segment.RequirePlaces(header.Op, header.Op + 1);
        if (!FitsBefore(segment, header) || HoldsAnother(segment, header.Op, tail))
        {
            return false;
        }

        return ParentNamedBehind(header.Op, tail) is { } named
            ? named == checksum
            : ChecksumBefore(segment, header.Op) is { } before && before == header.ParentChecksum; // both neighbours are damaged: put back the one before first
    }

    // Behind an entry is the next one, or its mark, or marks of cuts.
    private static bool FitsBefore(Segment segment, in EntryHeader header)
    {
        var room = (header.Op < segment.LastPlacedOp ? segment.PlaceOf(header.Op + 1).Offset : segment.File.Length) - segment.PlaceOf(header.Op).Offset;
        return header.SizeBytes <= room && (header.Op == segment.LastPlacedOp || (room - header.SizeBytes) % StoreLimits.SyncMarkBytes == 0);
    }

    // Whatever led here, an entry that can be read nowhere else is not written over.
    private bool HoldsAnother(Segment segment, ulong op, LogTail tail)
    {
        Span<byte> bytes = stackalloc byte[EntryLimits.HeaderBytes];
        var read = segment.File.Read(bytes, segment.PlaceOf(op).Offset);
        return EntryHeader.TryRead(bytes[..read], out var found, out _) && found.Op != op && found.Op < tail.NextOp && _reader.Read(found.Op, found.Op, 0, 1).DamagedOp is not null;
    }

    private UInt128? ParentNamedBehind(ulong op, LogTail tail)
    {
        if (op == tail.NextOp - 1)
        {
            return tail.ParentChecksum;
        }

        var next = segments.OfOp(op + 1);
        return next.Header.FirstOp == op + 1 ? next.Header.ParentChecksum : _reader.TryReadHeader(op + 1, out var header) ? header.ParentChecksum : null;
    }

    private UInt128? ChecksumBefore(Segment segment, ulong op)
    {
        if (op == segment.Header.FirstOp)
        {
            return segment.Header.ParentChecksum;
        }

        Span<byte> bytes = stackalloc byte[EntryLimits.HeaderBytes];
        return _reader.TryReadHeader(op - 1, out var header) ? header.Write(bytes) : null;
    }
}
