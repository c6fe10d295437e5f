using System.Buffers.Binary;
using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;

namespace Dymes.MessageStore;

/// <summary>
/// The sessions of a replica's clients as of an op, so that a start does not read the whole log for them. What they are is the replica's; the file holds nothing that the log does not.
/// </summary>
internal sealed class SessionsFile(IFileSystem files, StoreOptions options, StoreIdentity identity)
{
    public const string FileName = "dymes.sessions";
    private const int HeadBytes = StoreLimits.FileHeaderBytes + 32;
    private const int ContentOffset = StoreLimits.FileHeaderBytes + Checksum.SizeBytes;
    private readonly string _path = Path.Combine(options.Directory, FileName);

    /// <summary>Puts these sessions in the place of those before, durably: after a crash there are the ones or the others.</summary>
    public void Save(ulong op, ReadOnlySpan<byte> sessions)
    {
        var bytes = new byte[HeadBytes + sessions.Length];
        new FileHeader(FileKind.Sessions, identity.ClusterId, identity.DatasetId, 0, op, default, 0, 0).Write(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(ContentOffset), op);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(ContentOffset + 8), (ulong)sessions.Length);
        sessions.CopyTo(bytes.AsSpan(HeadBytes));
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(StoreLimits.FileHeaderBytes), Checksum.Of(bytes.AsSpan(ContentOffset)));
        var temporary = _path + ".tmp";
        using (var file = files.Open(temporary, DataFileMode.Create))
        {
            file.Write(bytes, 0);
            file.Flush();
        }

        files.Rename(temporary, _path);
        files.FlushDirectory(options.Directory);
    }

    /// <summary>The sessions that were saved last; null where there are none, or they are damaged.</summary>
    /// <exception cref="DymesException">They are those of another cluster or dataset.</exception>
    public StoredSessions? Load() => files.FileExists(_path) ? Read(files, _path, identity) : null;

    /// <summary>Reads a file; null where it is damaged.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The file.</param>
    /// <param name="identity">Whose it must be; null: anybody's.</param>
    public static StoredSessions? Read(IFileSystem files, string path, StoreIdentity? identity)
    {
        using var file = files.Open(path, DataFileMode.Read);
        var bytes = new byte[file.Length];
        if (file.Read(bytes, 0) < HeadBytes || FileHeader.Read(bytes, path) is not { } header)
        {
            return null;
        }

        header.Require(FileKind.Sessions, 0, identity ?? new StoreIdentity(header.ClusterId, "") { DatasetId = header.DatasetId }, path);
        var op = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(ContentOffset));
        var isWhole = BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(StoreLimits.FileHeaderBytes)) == Checksum.Of(bytes.AsSpan(ContentOffset))
            && BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(ContentOffset + 8)) == (ulong)(bytes.Length - HeadBytes) && header.FirstOp == op;
        return isWhole ? new StoredSessions(op, bytes.AsMemory(HeadBytes)) : null;
    }
}

/// <summary>Sessions that were saved.</summary>
/// <param name="Op">The op that they are as of.</param>
/// <param name="Bytes">What the replica made of them.</param>
public sealed record StoredSessions(ulong Op, ReadOnlyMemory<byte> Bytes);
