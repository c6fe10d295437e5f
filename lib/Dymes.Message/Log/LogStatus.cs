using Dymes.Common;

namespace Dymes.Message.Log;

/// <summary>How much a log holds, and how it is.</summary>
/// <param name="NextLsn">The position that the next message gets: how many messages there are.</param>
/// <param name="LastId">The id of the message at the last position, or none.</param>
/// <param name="StoredBytes">The bytes of the dataset's files.</param>
/// <param name="SegmentCount">The number of segments, the active one included.</param>
/// <param name="Condition">Whether appends are taken.</param>
/// <param name="Detail">Why they are not, in a sentence; null where they are.</param>
public sealed record LogStatus(Lsn NextLsn, MessageId LastId, long StoredBytes, int SegmentCount, LogCondition Condition, string? Detail);

/// <summary>Whether a log takes appends.</summary>
public enum LogCondition
{
    /// <summary>It takes them.</summary>
    Ready,

    /// <summary>It is opening, stopping, or without a primary.</summary>
    NotReady,

    /// <summary>There is no room on the disk: reads only, until there is.</summary>
    DiskFull,

    /// <summary>A write or flush failed: reads only, until a restart.</summary>
    Failed,
}
