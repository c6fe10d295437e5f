using Dymes.Common;

namespace Dymes.MessageStore;

/// <summary>The limits of files, each with its reason.</summary>
public static class StoreLimits
{
    /// <summary>The format version that this build writes, and the newest that it reads.</summary>
    public const uint FormatVersion = 1;

    /// <summary>Every structure is a multiple of this.</summary>
    public const int AlignmentBytes = EntryLimits.AlignmentBytes;

    /// <summary>The header of every file.</summary>
    public const int FileHeaderBytes = 128;

    /// <summary>The mark at the start of each batch.</summary>
    public const int SyncMarkBytes = 64;

    /// <summary>A batch is handed to the disk before it grows over this: a flush stays short enough not to be felt.</summary>
    public const int BatchBytesMax = 2 * (SyncMarkBytes + EntryLimits.HeaderBytes + EntryLimits.BodyBytesMax);

    /// <summary>How many zeros a small append writes ahead of itself: one in hundreds pays for the allocation of blocks.</summary>
    public const int ZeroAheadBytes = 1 << 20;

    /// <summary>A batch from this size on goes past the page cache; below it, a write is over before copying counts.</summary>
    public const int LargeBatchBytes = 32 << 10;

    /// <summary>The smallest limit of a segment's bytes.</summary>
    public const long SegmentBytesFloor = 64 << 10;

    /// <summary>The largest limit of a segment's bytes: offsets are kept in 32 bits of 16-byte units, and a file's index is mapped as one span.</summary>
    public const long SegmentBytesCeiling = 1L << 30;

    /// <summary>The largest limit of a segment's messages.</summary>
    public const int SegmentMessagesCeiling = 1 << 20;

    /// <summary>
    /// Index files are checked in blocks of this size when they are first touched: small enough that a lookup in megabytes reads little of them and a checksum takes a microsecond, large
    /// enough that the checksums are a thousandth of the file; four pages, so that a block is one read.
    /// </summary>
    public const int IndexBlockBytes = 16 << 10;

    // A negative unsigned constant does not compile: the proofs.
    private const uint ARequestFitsInABatch = BatchBytesMax - SyncMarkBytes - EntryLimits.HeaderBytes - EntryLimits.BodyBytesMax;
    private const ulong OffsetsFit = ((ulong)uint.MaxValue * AlignmentBytes) - (ulong)SegmentBytesCeiling - BatchBytesMax;
}
