using System.Buffers.Binary;

namespace Dymes.MessageStore.Formats;

/// <summary>
/// A cut of the log: segments behind one are removed, that one ends at an offset, and an empty batch there says so. It is in the journal from before the first of these changes until
/// after the last, so that a crash between them is made up for at the next start.
/// </summary>
/// <param name="Segment">The segment that ends here.</param>
/// <param name="Offset">The end of the last entry that stays: where the mark goes; 0 where the file goes too.</param>
/// <param name="Mark">The mark of the empty batch.</param>
public sealed record PendingCut(uint Segment, long Offset, SyncMark Mark)
{
    /// <summary>A cut that leaves nothing of a segment, nor of those behind.</summary>
    public static PendingCut Before(uint segment) => new(segment, 0, default);

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Segment);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[4..], Offset);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[12..], Mark.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[20..], Mark.PreviousOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[28..], Mark.FileTag);
    }

    internal static PendingCut? Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes) is 0
        ? null
        : new PendingCut(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]),
            new SyncMark(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[20..]), 0, BinaryPrimitives.ReadUInt64LittleEndian(bytes[28..])));
}
