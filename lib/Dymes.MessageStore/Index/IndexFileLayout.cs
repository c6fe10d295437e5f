namespace Dymes.MessageStore.Index;

/// <summary>Where the fixed parts of an index file are: header, summary, directory of the sections, checksum of summary and directory.</summary>
internal static class IndexFileLayout
{
    public const int SectionCount = 12;
    public const int DirectoryRecordBytes = 32; // offset u64, length u64, checksum u128
    public const int SummaryOffset = StoreLimits.FileHeaderBytes;
    public const int DirectoryOffset = SummaryOffset + IndexSummary.SizeBytes;
    public const int ChecksumOffset = DirectoryOffset + (SectionCount * DirectoryRecordBytes);
    public const int SectionsOffset = ChecksumOffset + StoreLimits.AlignmentBytes;
    public const int SectionAlignment = 64;

    /// <summary>Where the next section begins when one ends here.</summary>
    public static int Align(int end) => (end + SectionAlignment - 1) & ~(SectionAlignment - 1);
}
