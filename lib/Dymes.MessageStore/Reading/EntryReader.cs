using Dymes.Common;
using Dymes.MessageStore.Segments;

namespace Dymes.MessageStore.Reading;

/// <summary>Reads entries as they are: for replicas that lag, for the sessions of clients, and to find damage. Any number of threads; the writer is not held up.</summary>
internal sealed class EntryReader(SegmentList segments)
{
    /// <summary>Reads entries one behind the other, at least one, at most those of one segment.</summary>
    public StoredEntries Read(ulong firstOp, ulong lastOp, int bytesMax, int entriesMax)
    {
        var segment = segments.OfOp(firstOp);
        var limit = Math.Min(Math.Min(lastOp, segment.LastPlacedOp), firstOp + (ulong)entriesMax - 1);
        segment.RequirePlaces(firstOp, limit + 1);
        var start = segment.PlaceOf(firstOp).Offset;
        if (EndOf(segment, firstOp) is not { } end)
        {
            return new StoredEntries([], firstOp);
        }

        var last = firstOp;
        while (last < limit && EndOf(segment, last + 1) is { } next && next - start <= bytesMax)
        {
            last++;
            end = next;
        }

        var bytes = new byte[end - start];
        var read = segment.File.Read(bytes, start);
        return Split(segment, firstOp, last, start, bytes.AsMemory(0, read));
    }

    /// <summary>Reads an entry's header; false where it is damaged.</summary>
    public bool TryReadHeader(ulong op, out EntryHeader header)
    {
        var segment = segments.OfOp(op);
        segment.RequirePlaces(op, op);
        return TryReadHeader(segment, segment.PlaceOf(op).Offset, op, out header);
    }

    /// <summary>Reads the header of an entry out of the bytes that begin with it; false where it is damaged, or another one's.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, ulong op, out EntryHeader header) => EntryHeader.TryRead(bytes, out header, out _) && header.Op == op;

    /// <summary>Whether bytes begin with an entry whose body is as its header says.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes, in EntryHeader header) =>
        header.SizeBytes <= bytes.Length && Checksum.Of(bytes[EntryLimits.HeaderBytes..(int)header.SizeBytes]) == header.BodyChecksum;

    // At the next entry, or the mark before that; the last entry of a segment has to say itself how long it is.
    private static long? EndOf(Segment segment, ulong op)
    {
        if (op < segment.LastPlacedOp)
        {
            return segment.PlaceOf(op + 1).Offset;
        }

        var offset = segment.PlaceOf(op).Offset;
        return TryReadHeader(segment, offset, op, out var header) ? offset + header.SizeBytes : null;
    }

    private static StoredEntries Split(Segment segment, ulong firstOp, ulong lastOp, long start, ReadOnlyMemory<byte> bytes)
    {
        var entries = new List<ReadOnlyMemory<byte>>();
        for (var op = firstOp; op <= lastOp; op++)
        {
            var entry = bytes[(int)Math.Min(segment.PlaceOf(op).Offset - start, bytes.Length)..];
            if (!TryReadHeader(entry.Span, op, out var header) || !IsWhole(entry.Span, header))
            {
                return new StoredEntries(entries, op);
            }

            entries.Add(entry[..(int)header.SizeBytes]);
        }

        return new StoredEntries(entries, null);
    }

    private static bool TryReadHeader(Segment segment, long offset, ulong op, out EntryHeader header)
    {
        Span<byte> bytes = stackalloc byte[EntryLimits.HeaderBytes];
        var read = segment.File.Read(bytes, offset);
        return TryReadHeader(bytes[..read], op, out header);
    }
}
