namespace Dymes.MessageStore.Index;

/// <summary>Where the fixed parts of an index file are: header, summary, directory of the sections, place of the block table, checksum of these three. Blocks follow.</summary>
internal static class IndexFileLayout
{
    public const int SectionCount = 12;
    public const int DirectoryRecordBytes = 16; // offset u64, length u64
    public const int SummaryOffset = StoreLimits.FileHeaderBytes;
    public const int DirectoryOffset = SummaryOffset + IndexSummary.SizeBytes;
    public const int BlockTableOffset = DirectoryOffset + (SectionCount * DirectoryRecordBytes); // offset u64, length u64, checksum u128, 48 zeros
    public const int ChecksumOffset = BlockTableOffset + 80;
    public const int SectionsOffset = ChecksumOffset + StoreLimits.AlignmentBytes;

    /// <summary>Sections begin at a multiple of this. So do blocks, and it is a multiple of every record's size: no record lies in two blocks.</summary>
    public const int SectionAlignment = 64;

    /// <summary>How many blocks there are when the sections end here.</summary>
    public static int BlocksUpTo(int end) => (int)(((uint)end + StoreLimits.IndexBlockBytes - 1) / StoreLimits.IndexBlockBytes);

    /// <summary>Where a block begins: at a multiple of its size, and the first one behind the head.</summary>
    public static int StartOf(int block) => Math.Max(SectionsOffset, block * StoreLimits.IndexBlockBytes);

    // A negative unsigned constant does not compile: the proofs.
    private const uint SectionsBeginAligned = -(SectionsOffset % SectionAlignment);
    private const uint BlocksBeginAligned = -(StoreLimits.IndexBlockBytes % SectionAlignment);
}
