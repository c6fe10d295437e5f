using System.Buffers.Binary;

namespace Dymes.Common;

/// <summary>The 128 bytes before an entry's body, identical on every replica. The parent checksum chains the entries.</summary>
public readonly record struct EntryHeader
{
    /// <summary>The header checksum of the entry before, 0 for the first of all.</summary>
    public UInt128 ParentChecksum { get; init; }

    /// <summary>The checksum of the body.</summary>
    public UInt128 BodyChecksum { get; init; }

    /// <summary>The client session that made the request; 0 where there is no cluster.</summary>
    public UInt128 ClientId { get; init; }

    /// <summary>The entry's position, 1, 2, 3, …</summary>
    public ulong Op { get; init; }

    /// <summary>The number of the client's request.</summary>
    public ulong RequestNumber { get; init; }

    /// <summary>The position of the first message.</summary>
    public Lsn FirstLsn { get; init; }

    /// <summary>The primary's time in milliseconds since 1970; never less than in the entry before.</summary>
    public long TimestampMilliseconds { get; init; }

    /// <summary>The view in which the entry was prepared.</summary>
    public uint View { get; init; }

    /// <summary>The epoch in which the entry was prepared.</summary>
    public uint Epoch { get; init; }

    /// <summary>What the body is.</summary>
    public EntryKind Kind { get; init; }

    /// <summary>The number of messages.</summary>
    public uint MessageCount { get; init; }

    /// <summary>The size of header and body, a multiple of 16.</summary>
    public uint SizeBytes { get; init; }

    /// <summary>
    /// The last bytes of the body, which are no frames: the primary's answer to the request, where the frames alone do not tell it. A multiple of 16; all of the body in an
    /// <see cref="EntryKind.Answer"/>.
    /// </summary>
    public uint AnswerBytes { get; init; }

    /// <summary>An op that the primary knew to be committed when it made the entry: up to there a log that holds the entry is final. 0 where there is no cluster.</summary>
    public ulong Commit { get; init; }

    /// <summary>The size of the body.</summary>
    public int BodyBytes => (int)SizeBytes - EntryLimits.HeaderBytes;

    /// <summary>The first bytes of the body: the frames, back to back.</summary>
    public int FrameBytes => Kind == EntryKind.Messages ? BodyBytes - (int)AnswerBytes : 0;

    /// <summary>Writes the header and returns its checksum, which the next entry names as its parent's.</summary>
    public UInt128 Write(Span<byte> bytes)
    {
        bytes = bytes[..EntryLimits.HeaderBytes];
        bytes.Clear();
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], BodyChecksum);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[32..], ParentChecksum);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[48..], ClientId);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[64..], Op);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[72..], RequestNumber);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[80..], FirstLsn.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[88..], TimestampMilliseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[96..], View);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[100..], Epoch);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[104..], (ushort)Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[108..], MessageCount);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[112..], SizeBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[116..], AnswerBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[120..], Commit);
        var checksum = Checksum.Of(bytes[16..]);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, checksum);
        return checksum;
    }

    /// <summary>Reads a header whose checksum and sizes are right.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out EntryHeader header, out UInt128 checksum)
    {
        header = default;
        checksum = default;
        if (bytes.Length < EntryLimits.HeaderBytes)
        {
            return false;
        }

        checksum = BinaryPrimitives.ReadUInt128LittleEndian(bytes);
        if (checksum != Checksum.Of(bytes[16..EntryLimits.HeaderBytes]))
        {
            return false;
        }

        header = new EntryHeader
        {
            BodyChecksum = BinaryPrimitives.ReadUInt128LittleEndian(bytes[16..]),
            ParentChecksum = BinaryPrimitives.ReadUInt128LittleEndian(bytes[32..]),
            ClientId = BinaryPrimitives.ReadUInt128LittleEndian(bytes[48..]),
            Op = BinaryPrimitives.ReadUInt64LittleEndian(bytes[64..]),
            RequestNumber = BinaryPrimitives.ReadUInt64LittleEndian(bytes[72..]),
            FirstLsn = new Lsn(BinaryPrimitives.ReadUInt64LittleEndian(bytes[80..])),
            TimestampMilliseconds = BinaryPrimitives.ReadInt64LittleEndian(bytes[88..]),
            View = BinaryPrimitives.ReadUInt32LittleEndian(bytes[96..]),
            Epoch = BinaryPrimitives.ReadUInt32LittleEndian(bytes[100..]),
            Kind = (EntryKind)BinaryPrimitives.ReadUInt16LittleEndian(bytes[104..]),
            MessageCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes[108..]),
            SizeBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[112..]),
            AnswerBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[116..]),
            Commit = BinaryPrimitives.ReadUInt64LittleEndian(bytes[120..]),
        };
        return header.SizeBytes >= EntryLimits.HeaderBytes
            && header.SizeBytes <= EntryLimits.HeaderBytes + EntryLimits.BodyBytesMax
            && header.SizeBytes % EntryLimits.AlignmentBytes == 0
            && header.AnswerBytes <= header.SizeBytes - EntryLimits.HeaderBytes
            && header.AnswerBytes % EntryLimits.AlignmentBytes == 0
            && header.MessageCount <= EntryLimits.MessagesMax;
    }
}
