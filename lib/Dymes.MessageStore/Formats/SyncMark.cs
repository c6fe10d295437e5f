using System.Buffers.Binary;
using Dymes.Common;

namespace Dymes.MessageStore.Formats;

/// <summary>
/// The 64 bytes before each batch. They are local to this file: a mark says that the batch before it was durable when this one was written, so damage in front
/// of a mark is never a torn write.
/// </summary>
/// <param name="Sequence">The batch's number in its file, from 1.</param>
/// <param name="PreviousOffset">Where the mark of the batch before is; 0 for the first.</param>
/// <param name="BatchBytes">The bytes of the entries behind the mark.</param>
/// <param name="FileTag">The <see cref="FileHeader.Tag"/> of the file.</param>
public readonly record struct SyncMark(ulong Sequence, long PreviousOffset, long BatchBytes, ulong FileTag)
{
    private const ulong Magic = 0x434E5953454D5944; // DYMESYNC

    /// <summary>Writes the mark.</summary>
    public void Write(Span<byte> bytes)
    {
        bytes = bytes[..StoreLimits.SyncMarkBytes];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], PreviousOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], BatchBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[48..], FileTag);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Checksum.Of(bytes[16..]));
    }

    /// <summary>Reads a mark of the file with this tag.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ulong fileTag, out SyncMark mark)
    {
        mark = default;
        if (bytes.Length < StoreLimits.SyncMarkBytes
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]) != Magic
            || BinaryPrimitives.ReadUInt128LittleEndian(bytes) != Checksum.Of(bytes[16..StoreLimits.SyncMarkBytes]))
        {
            return false;
        }

        mark = new SyncMark(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]));
        return mark.FileTag == fileTag;
    }
}
