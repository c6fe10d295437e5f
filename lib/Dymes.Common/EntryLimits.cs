namespace Dymes.Common;

/// <summary>The limits of a log entry: the same in the log, between replicas and in the segment files.</summary>
public static class EntryLimits
{
    /// <summary>Every structure is a multiple of this, so that every field of a mapped file is aligned.</summary>
    public const int AlignmentBytes = 16;

    /// <summary>The header of each entry.</summary>
    public const int HeaderBytes = 128;

    /// <summary>The most messages of one entry: an entry is sent and applied as a whole.</summary>
    public const int MessagesMax = 8192;

    /// <summary>The most body bytes of one entry: two of the largest frames fit, and one entry does not hold up the others for long.</summary>
    public const int BodyBytesMax = 4 * 1024 * 1024;
}
