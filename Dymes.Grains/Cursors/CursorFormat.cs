using System.Buffers.Binary;
using Dymes.Common;
using Orleans.Serialization;

namespace Dymes.Grains.Cursors;

/// <summary>The bytes of a cursor's file: a checksum of what follows, a magic number with the format's version, the place as it travels between silos.</summary>
internal sealed class CursorFormat(Serializer<CursorPlace> serializer)
{
    private const int MagicStart = Checksum.SizeBytes;
    private const int PlaceStart = MagicStart + 8;

    private static ReadOnlySpan<byte> Magic => "DYMCUR02"u8;

    public byte[] Write(CursorPlace place)
    {
        var travels = serializer.SerializeToArray(place);
        var bytes = new byte[PlaceStart + travels.Length];
        Magic.CopyTo(bytes.AsSpan(MagicStart));
        travels.CopyTo(bytes.AsSpan(PlaceStart));
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Checksum.Of(bytes.AsSpan(MagicStart)));
        return bytes;
    }

    /// <summary>Reads a file's bytes; null where they are not, or not any more, those of a cursor.</summary>
    public CursorPlace? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < PlaceStart
            || BinaryPrimitives.ReadUInt128LittleEndian(bytes) != Checksum.Of(bytes[MagicStart..])
            || !bytes[MagicStart..PlaceStart].SequenceEqual(Magic))
        {
            return null;
        }

        return serializer.Deserialize(bytes[PlaceStart..].ToArray());
    }
}
