using Dymes.Common;
using Dymes.MessageStore.Index;

namespace Dymes.MessageStore.Segments;

/// <summary>The entry that messages are being added to.</summary>
/// <param name="Start">Where its header goes in the batch.</param>
/// <param name="FirstRow">The row of its first message.</param>
/// <param name="FirstLsn">The position of its first message.</param>
/// <param name="MessageCount">How many messages it has.</param>
/// <param name="TimestampMilliseconds">Its time.</param>
internal readonly record struct OpenEntry(int Start, int FirstRow, Lsn FirstLsn, int MessageCount, long TimestampMilliseconds)
{
    public bool HasRoom(int batchLength, int bytes, int messages) =>
        batchLength - Start - EntryLimits.HeaderBytes + bytes <= EntryLimits.BodyBytesMax
        && MessageCount + messages <= EntryLimits.MessagesMax;

    public OpenEntry WithOneMore() => this with { MessageCount = MessageCount + 1 };
}

/// <summary>A place within a request to go back to.</summary>
public readonly struct AppendCheckpoint
{
    internal AppendCheckpoint(int batchLength, OpenEntry? entry, Lsn nextLsn, IndexCheckpoint rows)
    {
        BatchLength = batchLength;
        Entry = entry;
        NextLsn = nextLsn;
        Rows = rows;
    }

    internal int BatchLength { get; }

    internal OpenEntry? Entry { get; }

    internal Lsn NextLsn { get; }

    internal IndexCheckpoint Rows { get; }
}

/// <summary>Where a message file's batches end.</summary>
/// <param name="Offset">Where the next mark goes.</param>
/// <param name="NextSequence">The next mark's number.</param>
/// <param name="LastMarkOffset">Where the last mark is, 0 where there is none.</param>
internal readonly record struct SegmentEnd(long Offset, ulong NextSequence, long LastMarkOffset)
{
    public static SegmentEnd OfNewFile => new(StoreLimits.FileHeaderBytes, 1, 0);
}
