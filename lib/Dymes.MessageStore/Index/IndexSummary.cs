using System.Buffers.Binary;
using Dymes.Common;
using Dymes.Message;

namespace Dymes.MessageStore.Index;

/// <summary>What is known of a sealed segment without reading it: 160 bytes behind the header of its index file.</summary>
internal sealed record IndexSummary
{
    public const int SizeBytes = 160;

    public required uint SegmentNumber { get; init; }

    public required int Count { get; init; }

    public required int EntryCount { get; init; }

    public required Lsn FirstLsn { get; init; }

    public required ulong FirstOp { get; init; }

    public required MessageId MinId { get; init; }

    public required MessageId MaxId { get; init; }

    /// <summary>The header checksum of the segment's last entry, which the next segment's file names as its parent.</summary>
    public required UInt128 LastEntryChecksum { get; init; }

    public required long LastTimestamp { get; init; }

    public required long MessageFileBytes { get; init; }

    /// <summary>The checksum of the message file's header: the index is of that file and no other.</summary>
    public required UInt128 MessageFileTag { get; init; }

    public required uint LastView { get; init; }

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, SegmentNumber);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], EntryCount);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], LastView);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], FirstLsn.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], FirstOp);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[32..], MinId.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[48..], MaxId.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[64..], LastEntryChecksum);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[80..], LastTimestamp);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[88..], MessageFileBytes);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[96..], MessageFileTag);
    }

    public static IndexSummary Read(ReadOnlySpan<byte> bytes) => new()
    {
        SegmentNumber = BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        Count = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
        EntryCount = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
        LastView = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]),
        FirstLsn = new Lsn(BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..])),
        FirstOp = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
        MinId = new MessageId(BinaryPrimitives.ReadUInt128LittleEndian(bytes[32..])),
        MaxId = new MessageId(BinaryPrimitives.ReadUInt128LittleEndian(bytes[48..])),
        LastEntryChecksum = BinaryPrimitives.ReadUInt128LittleEndian(bytes[64..]),
        LastTimestamp = BinaryPrimitives.ReadInt64LittleEndian(bytes[80..]),
        MessageFileBytes = BinaryPrimitives.ReadInt64LittleEndian(bytes[88..]),
        MessageFileTag = BinaryPrimitives.ReadUInt128LittleEndian(bytes[96..]),
    };
}
