using System.Buffers.Binary;

namespace Dymes.Message.Log;

/// <summary>What a mark in a stream of frames says.</summary>
public enum FrameStreamMarkKind
{
    /// <summary>Everything that was there has been given; what follows is new.</summary>
    CaughtUp = 1,

    /// <summary>The other side lives and has nothing to say.</summary>
    Heartbeat = 2,
}

/// <summary>
/// A sign between the frames of a subscription's stream: 16 zero bytes, which no frame begins with since its checksum stands there, the kind and the ordinal as 64-bit
/// little-endian numbers, and an id. Ordinal and id are the position behind everything that was looked at so far.
/// </summary>
/// <param name="Kind">What it says.</param>
/// <param name="Position">Where to go on.</param>
public readonly record struct FrameStreamMark(FrameStreamMarkKind Kind, QueryPosition Position)
{
    /// <summary>The size of a mark.</summary>
    public const int SizeBytes = 48;

    private const int ZeroBytes = 16;
    private const int OrdinalAt = 24;
    private const int IdAt = 32;

    /// <summary>Whether a mark, and no frame, begins here. <paramref name="bytes"/> holds at least 16 bytes.</summary>
    public static bool BeginsAt(ReadOnlySpan<byte> bytes) => !bytes[..ZeroBytes].ContainsAnyExcept((byte)0);

    /// <summary>Reads the mark at the start of <paramref name="bytes"/>.</summary>
    /// <returns>False where there are too few bytes, or they are none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FrameStreamMark mark)
    {
        mark = default;
        if (bytes.Length < SizeBytes || !BeginsAt(bytes))
        {
            return false;
        }

        var kind = (FrameStreamMarkKind)BinaryPrimitives.ReadUInt64LittleEndian(bytes[ZeroBytes..]);
        var position = new QueryPosition(BinaryPrimitives.ReadUInt64LittleEndian(bytes[OrdinalAt..]), MessageId.Read(bytes[IdAt..]));
        mark = new FrameStreamMark(kind, position);
        return kind is FrameStreamMarkKind.CaughtUp or FrameStreamMarkKind.Heartbeat;
    }

    /// <summary>Writes the mark.</summary>
    /// <param name="bytes">At least <see cref="SizeBytes"/> bytes.</param>
    public void Write(Span<byte> bytes)
    {
        bytes[..ZeroBytes].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[ZeroBytes..], (ulong)Kind);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[OrdinalAt..], Position.Ordinal);
        Position.Id.Write(bytes[IdAt..]);
    }
}
