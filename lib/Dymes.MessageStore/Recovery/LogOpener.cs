using System.Buffers.Binary;
using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Segments;
using Microsoft.Extensions.Logging;

namespace Dymes.MessageStore.Recovery;

/// <summary>
/// Opens the files of a dataset after whatever happened: sealed segments by their index files, without reading messages; the one that was growing by walking it.
/// </summary>
internal sealed class LogOpener(
    IFileSystem files, StoreOptions options, StoreIdentity identity, SegmentFactory factory, SegmentSealer sealer, HardState state, ILogger logger)
{
    private readonly List<Segment> _segments = [];
    private LogTail _tail = LogTail.Empty;

    /// <summary>Told of each segment as soon as it can be read: opening the later ones looks channels up in the earlier ones.</summary>
    public required Action<Segment> Publish { get; init; }

    public OpenedLog Open()
    {
        try
        {
            var numbers = ListSegments();
            if (numbers.Count > 0 && DropTornCreation(numbers[^1]))
            {
                numbers.RemoveAt(numbers.Count - 1);
            }

            foreach (var number in numbers.SkipLast(1))
            {
                AddSealed(number, HeaderAfter(number));
            }

            var end = numbers.Count == 0 ? null : AddLast(numbers[^1]);
            return end is { } known ? new OpenedLog(_segments, known, _tail) : StartNewSegment();
        }
        catch
        {
            _segments.ForEach(segment => segment.Dispose());
            throw;
        }
    }

    private List<uint> ListSegments()
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
        for (var i = 0; i < numbers.Count; i++)
        {
            if (numbers[i] != i + 1)
            {
                throw Damaged(SegmentPath((uint)i + 1), "is missing. Put it back from a backup; without it the log has a gap");
            }
        }

        if (numbers.Count < state.DurableSegment)
        {
            throw Damaged(SegmentPath((uint)numbers.Count + 1), $"is missing: the journal saw {state.DurableLsn} messages up to segment {state.DurableSegment}. Put it back from a backup");
        }

        return numbers;
    }

    private void AddSealed(uint number, FileHeader? next)
    {
        var path = SegmentPath(number);
        var indexPath = Path.ChangeExtension(path, ".idx");
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
        Add(segment);
        RequireContinuation(segment);
        if (sealer.Open(segment, indexPath) is { } healing)
        {
            segment.BecomeSealed(healing);
            ContinueBehind(healing.Summary, segment);
            return;
        }

        var (rebuilt, summary) = sealer.Rebuild(segment, segment.File.Length, CountUpTo(next, segment));
        segment.BecomeSealed(rebuilt);
        ContinueBehind(summary, segment);
        if (next is not null && _tail.NextLsn == next.FirstLsn)
        {
            _tail = _tail with { NextOp = next.FirstOp, ParentChecksum = next.ParentChecksum }; // the last entry's header may be what is damaged
        }
    }

    // How many messages a segment must have; -1 where the next one does not tell.
    private static int CountUpTo(FileHeader? next, Segment segment) =>
        next is not null && next.FirstLsn >= segment.FirstLsn && next.FirstLsn.Value - segment.FirstLsn.Value <= StoreLimits.SegmentMessagesCeiling
            ? (int)(next.FirstLsn.Value - segment.FirstLsn.Value)
            : -1;

    private SegmentEnd? AddLast(uint number)
    {
        var path = SegmentPath(number);
        if (files.FileExists(Path.ChangeExtension(path, ".idx")))
        {
            using var index = IndexFile.TryOpen(files, Path.ChangeExtension(path, ".idx"), identity, number);
            if (index is not null)
            {
                AddSealed(number, null);
                return null;
            }
        }

        var header = ReadHeader(path, number) ?? throw Damaged(path, "has a damaged header. Restore the file from a backup");
        Segment? segment = null;
        var rows = new ActiveIndex(header.Header.FirstLsn, channel => sealer.FindOlderThan(segment!, channel));
        segment = new Segment(header.Header, header.Checksum, path, files.Open(path, DataFileMode.ReadWrite), rows);
        Add(segment);
        RequireContinuation(segment);
        var walk = new SegmentWalk(segment, _tail);
        Settle(segment, walk, walk.Run());
        segment.File.Flush(); // a killed process may have left whole batches that only the page cache has; from here on they count as durable
        _tail = walk.Tail;
        return walk.End;
    }

    private void Settle(Segment segment, SegmentWalk walk, WalkStop stop)
    {
        var covered = state.DurableSegment > segment.Number || (state.DurableSegment == segment.Number && state.DurableOffset > walk.End.Offset);
        var row = TailTable.Decide(stop.Kind, stop.Kind == WalkStopKind.Damage && walk.HasMarkBehind(stop.Offset), covered);
        switch (row.Verdict)
        {
            case TailVerdict.TornWrite:
                logger.LogWarning(
                    "{Path}: {Reason} at offset {Offset}. It is the last batch and was never acknowledged ({Row}): {Bytes} bytes are cut.",
                    segment.Path, stop.Reason, stop.Offset, row.Label, segment.File.Length - walk.End.Offset);
                segment.File.SetLength(walk.End.Offset);
                break;
            case TailVerdict.Corruption:
                throw new DymesException(
                    ErrorCode.StorageDamaged,
                    $"{segment.Path}: {stop.Reason}, at offset {stop.Offset} ({row.Label}). Messages from {walk.Tail.NextLsn} on are affected. " +
                    $"Restore the file from a backup, or run `dymes verify {options.Directory} --repair` to see what can be saved.");
        }
    }

    // The header and the name of a file are durable before its first batch is written, so a file without a header never held one.
    private bool DropTornCreation(uint number)
    {
        var path = SegmentPath(number);
        if (state.DurableSegment >= number || files.FileExists(Path.ChangeExtension(path, ".idx")) || ReadHeader(path, number) is not null || HasBatch(path))
        {
            return false;
        }

        logger.LogWarning("{Path} has no header: it was being created when the machine stopped. It is removed.", path);
        files.Delete(path);
        files.FlushDirectory(options.Directory);
        return true;
    }

    private bool HasBatch(string path)
    {
        using var file = files.Open(path, DataFileMode.Read);
        var mark = new byte[StoreLimits.SyncMarkBytes];
        return file.Read(mark, StoreLimits.FileHeaderBytes) == mark.Length && mark.AsSpan().ContainsAnyExcept((byte)0);
    }

    private OpenedLog StartNewSegment()
    {
        Segment? next = null;
        next = factory.Next((uint)_segments.Count + 1, _tail, channel => sealer.FindOlderThan(next!, channel));
        Add(next);
        return new OpenedLog(_segments, SegmentEnd.OfNewFile, _tail);
    }

    private void Add(Segment segment)
    {
        _segments.Add(segment);
        Publish(segment);
    }

    private void RequireContinuation(Segment segment)
    {
        if (_segments.Count == 1)
        {
            _tail = new LogTail(segment.Header.FirstOp, segment.FirstLsn, segment.Header.ParentChecksum, 0);
        }

        if (segment.FirstLsn != _tail.NextLsn || segment.Header.FirstOp != _tail.NextOp || segment.Header.ParentChecksum != _tail.ParentChecksum)
        {
            throw Damaged(segment.Path, $"begins at message {segment.FirstLsn}, op {segment.Header.FirstOp}; the segment before ends at message {_tail.NextLsn}, op {_tail.NextOp}. Restore both from one backup");
        }
    }

    private void ContinueBehind(IndexSummary summary, Segment segment)
    {
        if (segment.File.Length < summary.MessageFileBytes)
        {
            logger.LogError("{Path} has {Bytes} bytes; its index says {Expected}. Messages behind the cut cannot be read.", segment.Path, segment.File.Length, summary.MessageFileBytes);
        }

        _tail = new LogTail(
            summary.FirstOp + (ulong)summary.EntryCount, new Lsn(summary.FirstLsn.Value + (ulong)summary.Count), summary.LastEntryChecksum, summary.LastTimestamp);
    }

    private FileHeader? HeaderAfter(uint number)
    {
        var path = SegmentPath(number + 1);
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

    private string SegmentPath(uint number) => Path.Combine(options.Directory, SegmentNames.MessageFile(number));

    private static DymesException Damaged(string path, string what) => new(ErrorCode.StorageDamaged, $"{path} {what}.");
}
