using System.Buffers.Binary;
using Dymes.Common;

namespace Dymes.Message;

/// <summary>What the log writes into a frame when it takes the message: position and id, and the header's checksum over them.</summary>
public static class FrameStamp
{
    /// <summary>Stamps a frame that was built and sealed before.</summary>
    public static void Stamp(Span<byte> frame, Lsn lsn, MessageId id)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(frame[FrameLayout.Lsn..], lsn.Value);
        id.Write(frame[FrameLayout.Id..]);
        SealHeader(frame);
    }

    internal static void SealHeader(Span<byte> frame) =>
        BinaryPrimitives.WriteUInt128LittleEndian(frame, Checksum.Of(frame[FrameLayout.Lsn..FrameLayout.HeaderEnd]));
}
