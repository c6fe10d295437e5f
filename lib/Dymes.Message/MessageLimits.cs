using Dymes.Common;

namespace Dymes.Message;

/// <summary>The limits of messages and requests, each with its reason. Relations between them are checked by the compiler at the end.</summary>
public static class MessageLimits
{
    /// <summary>The fixed part of a frame.</summary>
    public const int FrameHeaderBytes = 128;

    /// <summary>One KV header: four 32-bit numbers.</summary>
    public const int KvHeaderBytes = 16;

    /// <summary>All structures on disk are multiples of this, so that every field of a mapped file is aligned.</summary>
    public const int AlignmentBytes = EntryLimits.AlignmentBytes;

    /// <summary>The largest frame, headers and padding included: the format's limit since the original.</summary>
    public const int FrameBytesMax = 2 * 1024 * 1024;

    /// <summary>The most KV entries of one message: they are searched in order, so a query's cost per message stays bounded.</summary>
    public const int KvEntriesMax = 1024;

    /// <summary>The longest KV key in UTF-8 bytes.</summary>
    public const int KvKeyBytesMax = 1024;

    /// <summary>The longest channel name in UTF-8 bytes.</summary>
    public const int ChannelNameBytesMax = 256;

    /// <summary>The longest idempotency key in UTF-8 bytes.</summary>
    public const int IdempotencyKeyBytesMax = 256;

    /// <summary>The most messages of one append request: the most that one log entry holds.</summary>
    public const int RequestMessagesMax = EntryLimits.MessagesMax;

    /// <summary>The most frame bytes of one append request: a log entry holds them all.</summary>
    public const int RequestBytesMax = EntryLimits.BodyBytesMax;

    /// <summary>The most ids of a query by ids.</summary>
    public const int QueryIdsMax = 10_000;

    /// <summary>The most filters of one query.</summary>
    public const int QueryFiltersMax = 64;

    /// <summary>The most messages that a tree of descendants may have to be answered: eight bytes each are held for the time of the query.</summary>
    public const int DescendantsMax = 4_000_000;

    // A negative array size, or a division by zero, does not compile: these lines are the proofs.
    private const uint EmptyFrameFits = FrameBytesMax - FrameHeaderBytes;
    private const uint LargestKvHeadersFit = FrameBytesMax - FrameHeaderBytes - (KvEntriesMax * KvHeaderBytes);
    private const uint TwoLargestFramesFit = RequestBytesMax - (2 * FrameBytesMax);
    private const int FramesAreAligned = 1 / (FrameBytesMax % AlignmentBytes == 0 ? 1 : 0);
}
