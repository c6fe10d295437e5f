using System.Buffers.Binary;
using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Segments;
using Microsoft.Extensions.Logging;

namespace Dymes.MessageStore.Recovery;

/// <summary>Opens the segments of a dataset one after the other, each as the continuation of those before.</summary>
internal sealed class SegmentOpener(
    IFileSystem files, StoreOptions options, StoreIdentity identity, SegmentFactory factory, SegmentSealer sealer, SegmentList segments, ILogger logger)
{
    /// <summary>The hard state, as it was found.</summary>
    public required HardState State { get; init; }

    /// <summary>What the next segment continues.</summary>
    public LogTail Tail { get; set; } = LogTail.Empty;

    /// <summary>The numbers of the message files, in ascending order. Files that were being made are removed.</summary>
    public List<uint> List()
    {
        var numbers = new List<uint>();
        foreach (var name in files.ListFiles(options.Directory))
        {
            if (name.EndsWith(".tmp", StringComparison.Ordinal))
            {
                files.Delete(Path.Combine(options.Directory, name));
            }
            else if (SegmentNames.TryParseMessageFile(name, out var number))
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return numbers;
    }

    /// <summary>Removes the file of a segment that was being created; false where it is a segment's.</summary>
    public bool DropTornCreation(uint number)
    {
        // Header and name of a file are durable before its first batch is written, so a file without a header never held one.
        var path = SegmentPath(number);
        if (State.DurableSegment >= number || files.FileExists(Path.ChangeExtension(path, ".idx")) || ReadHeader(path, number) is not null || HasBatch(path))
        {
            return false;
        }

        logger.LogWarning("{Path} has no header: it was being created when the machine stopped. It is removed.", path);
        files.Delete(path);
        files.FlushDirectory(options.Directory);
        return true;
    }

    /// <summary>Whether a segment has an index file that can be used.</summary>
    public bool IsSealed(uint number)
    {
        using var index = files.FileExists(IndexPath(number)) ? IndexFile.TryOpen(files, IndexPath(number), identity, number) : null;
        return index is not null;
    }

    /// <summary>Opens a segment by its index file, or makes that again.</summary>
    /// <exception cref="DymesException">It cannot be read, or does not continue the log.</exception>
    public void AddSealed(uint number)
    {
        var next = HeaderAfter(number);
        var path = SegmentPath(number);
        var indexPath = IndexPath(number);
        var header = ReadHeader(path, number);
        var index = IndexFile.TryOpen(files, indexPath, identity, number);
        if (header is null && index is null)
        {
            throw Damaged(path, "has a damaged header, and there is no index file to restore it from. Put the file back from a backup");
        }

        if (header is null)
        {
            logger.LogError("{Path}: the file's header is damaged; the index file has what it said. Messages are not affected.", path);
        }

        header ??= (index!.Header with { Kind = FileKind.Messages }, index.Summary.MessageFileTag);
        index?.Dispose();
        var segment = new Segment(header.Value.Header, header.Value.Checksum, path, files.Open(path, DataFileMode.ReadWrite), new ActiveIndex(header.Value.Header.FirstLsn, _ => null));
        segments.Add(segment); // before it is read: opening later ones looks channels up in the earlier ones
        RequireContinuation(segment);
        if (sealer.Open(segment, indexPath) is { } healing)
        {
            segment.BecomeSealed(healing);
            ContinueBehind(healing.Summary, segment);
            return;
        }

        var entries = next is not null && next.FirstOp >= segment.Header.FirstOp ? (int)Math.Min(int.MaxValue, next.FirstOp - segment.Header.FirstOp) : -1;
        var (rebuilt, summary) = sealer.Rebuild(segment, segment.File.Length, CountUpTo(next, segment), entries);
        segment.BecomeSealed(rebuilt);
        ContinueBehind(summary, segment);
        if (next is not null && Tail.NextLsn == next.FirstLsn)
        {
            Tail = Tail with { NextOp = next.FirstOp, ParentChecksum = next.ParentChecksum }; // the last entry's header may be what is damaged
        }
    }

    /// <summary>Opens a segment that grows, without reading it.</summary>
    /// <exception cref="DymesException">It cannot be read, or does not continue the log.</exception>
    public Segment AddGrowing(uint number)
    {
        var path = SegmentPath(number);
        var header = ReadHeader(path, number) ?? throw Damaged(path, "has a damaged header. Restore the file from a backup");
        Segment? segment = null;
        var rows = new ActiveIndex(header.Header.FirstLsn, channel => sealer.FindOlderThan(segment!, channel));
        segment = new Segment(header.Header, header.Checksum, path, files.Open(path, DataFileMode.ReadWrite), rows);
        segments.Add(segment); // before it is read: opening later ones looks channels up in the earlier ones
        RequireContinuation(segment);
        return segment;
    }

    /// <summary>Begins a segment behind the last; its file comes with its first batch.</summary>
    public Segment AddNew()
    {
        Segment? next = null;
        next = factory.Next((uint)segments.All.Length + 1, Tail, channel => sealer.FindOlderThan(next!, channel));
        segments.Add(next);
        return next;
    }

    /// <summary>The path of a message file.</summary>
    public string SegmentPath(uint number) => Path.Combine(options.Directory, SegmentNames.MessageFile(number));

    /// <summary>The exception that says what is wrong with a file.</summary>
    public static DymesException Damaged(string path, string what) => new(ErrorCode.StorageDamaged, $"{path} {what}.");

    // How many messages a segment must have; -1 where the next one does not tell.
    private static int CountUpTo(FileHeader? next, Segment segment) =>
        next is not null && next.FirstLsn >= segment.FirstLsn && next.FirstLsn.Value - segment.FirstLsn.Value <= StoreLimits.SegmentMessagesCeiling
            ? (int)(next.FirstLsn.Value - segment.FirstLsn.Value)
            : -1;

    private bool HasBatch(string path)
    {
        using var file = files.Open(path, DataFileMode.Read);
        var mark = new byte[StoreLimits.SyncMarkBytes];
        return file.Read(mark, StoreLimits.FileHeaderBytes) == mark.Length && mark.AsSpan().ContainsAnyExcept((byte)0);
    }

    private void RequireContinuation(Segment segment)
    {
        if (segments.All.Length == 1)
        {
            Tail = new LogTail(segment.Header.FirstOp, segment.FirstLsn, segment.Header.ParentChecksum, 0);
        }

        if (segment.FirstLsn != Tail.NextLsn || segment.Header.FirstOp != Tail.NextOp || segment.Header.ParentChecksum != Tail.ParentChecksum)
        {
            throw Damaged(segment.Path, $"begins at message {segment.FirstLsn}, op {segment.Header.FirstOp}; the segment before ends at message {Tail.NextLsn}, op {Tail.NextOp}. Restore both from one backup");
        }
    }

    private void ContinueBehind(IndexSummary summary, Segment segment)
    {
        if (segment.File.Length < summary.MessageFileBytes)
        {
            logger.LogError("{Path} has {Bytes} bytes; its index says {Expected}. Messages behind the cut cannot be read.", segment.Path, segment.File.Length, summary.MessageFileBytes);
        }

        Tail = new LogTail(
            summary.FirstOp + (ulong)summary.EntryCount, new Lsn(summary.FirstLsn.Value + (ulong)summary.Count), summary.LastEntryChecksum, summary.LastTimestamp);
    }

    private FileHeader? HeaderAfter(uint number)
    {
        var path = SegmentPath(number + 1);
        if (!files.FileExists(path))
        {
            return null;
        }

        if (ReadHeader(path, number + 1) is { } known)
        {
            return known.Header;
        }

        using var index = IndexFile.TryOpen(files, Path.ChangeExtension(path, ".idx"), identity, number + 1);
        return index?.Header;
    }

    private (FileHeader Header, UInt128 Checksum)? ReadHeader(string path, uint number)
    {
        var bytes = new byte[StoreLimits.FileHeaderBytes];
        using var file = files.Open(path, DataFileMode.Read);
        var header = file.Read(bytes, 0) == bytes.Length ? FileHeader.Read(bytes, path) : null;
        header?.Require(FileKind.Messages, number, identity, path);
        return header is null ? null : (header, BinaryPrimitives.ReadUInt128LittleEndian(bytes));
    }

    private string IndexPath(uint number) => Path.ChangeExtension(SegmentPath(number), ".idx");
}
