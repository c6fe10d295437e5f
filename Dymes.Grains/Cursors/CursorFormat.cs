using System.Buffers.Binary;
using Dymes.Common;
using Dymes.Message.Log;
using Orleans.Serialization;

namespace Dymes.Grains.Cursors;

/// <summary>
/// The bytes of a cursor's file: a checksum of what follows, a magic number with the format's version, the time of last use, the query as it travels between silos.
/// </summary>
internal sealed class CursorFormat(Serializer<MessageQuery> serializer)
{
    private const int MagicStart = Checksum.SizeBytes;
    private const int TimeStart = MagicStart + 8;
    private const int QueryStart = TimeStart + 8;

    private static ReadOnlySpan<byte> Magic => "DYMCUR01"u8;

    public byte[] Write(CursorPlace place)
    {
        var query = serializer.SerializeToArray(place.Rest);
        var bytes = new byte[QueryStart + query.Length];
        Magic.CopyTo(bytes.AsSpan(MagicStart));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(TimeStart), place.LastUsed.ToUnixTimeMilliseconds());
        query.CopyTo(bytes.AsSpan(QueryStart));
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Checksum.Of(bytes.AsSpan(MagicStart)));
        return bytes;
    }

    /// <summary>Reads a file's bytes; null where they are not, or not any more, those of a cursor.</summary>
    public CursorPlace? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < QueryStart
            || BinaryPrimitives.ReadUInt128LittleEndian(bytes) != Checksum.Of(bytes[MagicStart..])
            || !bytes[MagicStart..TimeStart].SequenceEqual(Magic))
        {
            return null;
        }

        var lastUsed = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(bytes[TimeStart..]));
        return new CursorPlace(serializer.Deserialize(bytes[QueryStart..].ToArray())!, lastUsed);
    }
}
