using System.Buffers.Binary;
using Dymes.Common;

namespace Dymes.MessageStore.Index;

/// <summary>What an index file says of itself behind its header: the summary, and where its sections and the checksums of its blocks are.</summary>
internal sealed record IndexHead(IndexSummary Summary, SectionPlace[] Sections, BlockTablePlace Blocks)
{
    /// <summary>Reads the head of a file; null where it is damaged, or where the file has not the size that it names.</summary>
    /// <param name="file">The file's bytes, from its start to the end of the head at least.</param>
    /// <param name="fileBytes">How many bytes the file has.</param>
    public static IndexHead? TryRead(ReadOnlySpan<byte> file, long fileBytes)
    {
        if (file.Length < IndexFileLayout.SectionsOffset
            || Checksum.Of(Covered(file)) != BinaryPrimitives.ReadUInt128LittleEndian(file[IndexFileLayout.ChecksumOffset..]))
        {
            return null;
        }

        var table = file[IndexFileLayout.BlockTableOffset..];
        var place = PlaceAt(table);
        var sections = new SectionPlace[IndexFileLayout.SectionCount];
        for (var i = 0; i < sections.Length; i++)
        {
            sections[i] = PlaceAt(file[OfRecord(i)..]);
        }

        return place.End == fileBytes && place.Length == (long)IndexFileLayout.BlocksUpTo(place.Offset) * Checksum.SizeBytes
            ? new IndexHead(IndexSummary.Read(file[IndexFileLayout.SummaryOffset..]), sections, new BlockTablePlace(place, BinaryPrimitives.ReadUInt128LittleEndian(table[16..])))
            : null;
    }

    public void Write(Span<byte> file)
    {
        Summary.Write(file[IndexFileLayout.SummaryOffset..]);
        for (var i = 0; i < Sections.Length; i++)
        {
            WritePlace(file[OfRecord(i)..], Sections[i]);
        }

        WritePlace(file[IndexFileLayout.BlockTableOffset..], Blocks.Place);
        BinaryPrimitives.WriteUInt128LittleEndian(file[(IndexFileLayout.BlockTableOffset + 16)..], Blocks.Checksum);
        BinaryPrimitives.WriteUInt128LittleEndian(file[IndexFileLayout.ChecksumOffset..], Checksum.Of(Covered(file)));
    }

    private static ReadOnlySpan<byte> Covered(ReadOnlySpan<byte> file) => file[IndexFileLayout.SummaryOffset..IndexFileLayout.ChecksumOffset];

    private static int OfRecord(int section) => IndexFileLayout.DirectoryOffset + (section * IndexFileLayout.DirectoryRecordBytes);

    private static SectionPlace PlaceAt(ReadOnlySpan<byte> bytes) =>
        new(checked((int)BinaryPrimitives.ReadInt64LittleEndian(bytes)), checked((int)BinaryPrimitives.ReadInt64LittleEndian(bytes[8..])));

    private static void WritePlace(Span<byte> bytes, SectionPlace place)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, place.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], place.Length);
    }
}

/// <summary>Where a part of an index file is, in bytes.</summary>
internal readonly record struct SectionPlace(int Offset, int Length)
{
    public long End => (long)Offset + Length;
}

/// <summary>Where the checksums of the blocks are, and the checksum of these.</summary>
internal readonly record struct BlockTablePlace(SectionPlace Place, UInt128 Checksum);
