using Dymes.Common;

namespace Dymes.MessageStore.Segments;

/// <summary>The end of a log: what the next entry continues.</summary>
/// <param name="NextOp">The op of the next entry, from 1.</param>
/// <param name="NextLsn">The position of the next message.</param>
/// <param name="ParentChecksum">The header checksum of the last entry, 0 where there is none.</param>
/// <param name="TimestampMilliseconds">The time of the last entry.</param>
public readonly record struct LogTail(ulong NextOp, Lsn NextLsn, UInt128 ParentChecksum, long TimestampMilliseconds)
{
    /// <summary>The tail of an empty log.</summary>
    public static LogTail Empty => new(1, Lsn.First, 0, 0);

    /// <summary>
    /// The tail of a log that was opened again: the next entry is of a later millisecond than all before it, whatever the clock says, so ids assigned from now on are higher than
    /// all that were assigned before.
    /// </summary>
    public LogTail InNextMillisecond() => this with { TimestampMilliseconds = TimestampMilliseconds + 1 };
}
