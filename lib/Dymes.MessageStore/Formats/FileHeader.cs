using System.Buffers.Binary;
using Dymes.Common;
using Dymes.Message;

namespace Dymes.MessageStore.Formats;

/// <summary>What kind of file a header begins; the value is its magic, eight ASCII characters.</summary>
public enum FileKind : ulong
{
    /// <summary><c>DYMESMSG</c>: messages.</summary>
    Messages = 0x47534D53454D5944,

    /// <summary><c>DYMESIDX</c>: the index of a sealed segment.</summary>
    Index = 0x58444953454D5944,

    /// <summary><c>DYMESJRN</c>: the journal.</summary>
    Journal = 0x4E524A53454D5944,

    /// <summary><c>DYMESSES</c>: the sessions of clients.</summary>
    Sessions = 0x53455353454D5944,
}

/// <summary>The 128 bytes at the start of every file.</summary>
/// <param name="Kind">The kind of file.</param>
/// <param name="ClusterId">The cluster that it belongs to.</param>
/// <param name="DatasetId">The XxHash128 of the dataset's name.</param>
/// <param name="SegmentNumber">The segment's number, from 1; 0 in the journal.</param>
/// <param name="FirstOp">The first op of the segment.</param>
/// <param name="FirstLsn">The position of the segment's first message.</param>
/// <param name="CreatedMilliseconds">When the file was made, in milliseconds since 1970.</param>
/// <param name="ParentChecksum">The header checksum of the last entry before the segment, 0 for the first.</param>
public sealed record FileHeader(
    FileKind Kind, UInt128 ClusterId, UInt128 DatasetId, uint SegmentNumber, ulong FirstOp, Lsn FirstLsn, long CreatedMilliseconds, UInt128 ParentChecksum)
{
    private const int VersionOffset = 24;

    /// <summary>The low half of the header's checksum: marks carry it, so that a mark of another file is never taken for one of this.</summary>
    public ulong Tag(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    /// <summary>Writes the header.</summary>
    public void Write(Span<byte> bytes)
    {
        bytes = bytes[..StoreLimits.FileHeaderBytes];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], (ulong)Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[VersionOffset..], StoreLimits.FormatVersion);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[32..], ClusterId);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[48..], DatasetId);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[64..], SegmentNumber);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[72..], FirstOp);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[80..], FirstLsn.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[88..], CreatedMilliseconds);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[96..], ParentChecksum);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Checksum.Of(bytes[16..]));
    }

    /// <summary>Reads a header; null where the bytes are none. The version is checked before anything that it may have changed.</summary>
    /// <exception cref="DymesException">The file is of a newer version.</exception>
    public static FileHeader? Read(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < StoreLimits.FileHeaderBytes
            || BinaryPrimitives.ReadUInt128LittleEndian(bytes) != Checksum.Of(bytes[16..StoreLimits.FileHeaderBytes]))
        {
            return null;
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[VersionOffset..]);
        if (version > StoreLimits.FormatVersion)
        {
            throw new DymesException(
                ErrorCode.ForeignFile,
                $"{path} has format version {version}; this build reads up to {StoreLimits.FormatVersion}. Run a newer Dymes on this directory.");
        }

        return new FileHeader(
            (FileKind)BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt128LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadUInt128LittleEndian(bytes[48..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[64..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[72..]),
            new Lsn(BinaryPrimitives.ReadUInt64LittleEndian(bytes[80..])),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[88..]),
            BinaryPrimitives.ReadUInt128LittleEndian(bytes[96..]));
    }

    /// <summary>Refuses a file of another cluster, dataset, kind or segment.</summary>
    /// <exception cref="DymesException">It is one.</exception>
    public void Require(FileKind kind, uint segmentNumber, StoreIdentity identity, string path)
    {
        if (Kind != kind || SegmentNumber != segmentNumber)
        {
            throw Foreign(path, $"is the {Kind} file of segment {SegmentNumber}, not the {kind} file of segment {segmentNumber}. Was it renamed?");
        }

        if (ClusterId != identity.ClusterId)
        {
            throw Foreign(path, $"belongs to cluster {Number128.Format(ClusterId)}, this node to {Number128.Format(identity.ClusterId)}. Point the node at its own data directory.");
        }

        if (DatasetId != identity.DatasetId)
        {
            throw Foreign(path, $"belongs to another dataset than '{identity.Dataset}'. Point the node at the right directory.");
        }
    }

    private static DymesException Foreign(string path, string what) => new(ErrorCode.ForeignFile, $"{path} {what}");
}

/// <summary>Whose files these are.</summary>
/// <param name="ClusterId">The cluster.</param>
/// <param name="Dataset">The dataset's name.</param>
public sealed record StoreIdentity(UInt128 ClusterId, string Dataset)
{
    /// <summary>The XxHash128 of the dataset's name.</summary>
    public UInt128 DatasetId { get; init; } = Checksum.Of(System.Text.Encoding.UTF8.GetBytes(Dataset));
}
