using System.Buffers.Binary;
using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Recovery;
using Dymes.MessageStore.Segments;

namespace Dymes.MessageStore.Verification;

/// <summary>Reads every byte of one segment and compares its index file with what was read.</summary>
internal sealed class SegmentCheck(IFileSystem files, string path, uint number, SegmentStage stage, LogTail expected, List<VerifyFault> faults)
{
    private readonly string _indexPath = Path.ChangeExtension(path, ".idx");

    /// <summary>The tail behind the segment, for the next one.</summary>
    public LogTail Tail { get; private set; } = expected;

    /// <summary>Where the whole batches end.</summary>
    public long EndOffset { get; private set; }

    /// <summary>Checks the segment; null where nothing of it can be read.</summary>
    /// <param name="nextFirstLsn">Where the next segment begins, which tells how many messages this one has; null for the last.</param>
    public SegmentReport? Run(Lsn? nextFirstLsn)
    {
        using var file = files.Open(path, DataFileMode.Read);
        var head = new byte[StoreLimits.FileHeaderBytes];
        var header = file.Read(head, 0) == head.Length ? FileHeader.Read(head, path) : null;
        if (header is null || header.Kind != FileKind.Messages || header.SegmentNumber != number)
        {
            faults.Add(new VerifyFault(VerifyFaultKind.File, path, 0, Tail.NextLsn, null, "The file's header is damaged or is another file's. Restore the file from a backup."));
            return null;
        }

        RequireContinuation(header);
        var rows = new ActiveIndex(header.FirstLsn, static _ => null);
        using var segment = new Segment(header, BinaryPrimitives.ReadUInt128LittleEndian(head), path, files.Open(path, DataFileMode.Read), rows);
        var walk = new SegmentWalk(segment, new LogTail(header.FirstOp, header.FirstLsn, header.ParentChecksum, 0));
        var stop = walk.Run();
        EndOffset = walk.End.Offset;
        Tail = walk.Tail;
        var isSealed = stage == SegmentStage.Sealed;
        if (stop.Kind == WalkStopKind.Damage)
        {
            ReportDamage(segment, walk, stop, nextFirstLsn);
        }
        else if (nextFirstLsn is { } next && next != walk.Tail.NextLsn)
        {
            faults.Add(new VerifyFault(VerifyFaultKind.Messages, path, EndOffset, walk.Tail.NextLsn, new Lsn(next.Value - 1), "The file ends early. Restore it from a backup."));
        }

        var indexBytes = isSealed ? CheckIndex(segment, stop.Kind == WalkStopKind.Zeros) : 0;
        return new SegmentReport(number, path, header.FirstLsn, rows.Count, segment.Entries.Count, file.Length + indexBytes, isSealed);
    }

    private void RequireContinuation(FileHeader header)
    {
        if (number > 1 && (header.FirstLsn != Tail.NextLsn || header.FirstOp != Tail.NextOp || header.ParentChecksum != Tail.ParentChecksum))
        {
            faults.Add(new VerifyFault(
                VerifyFaultKind.File, path, 0, header.FirstLsn, null,
                $"The segment begins at message {header.FirstLsn}, op {header.FirstOp}; the one before ends at message {Tail.NextLsn}, op {Tail.NextOp}. Restore both from one backup."));
        }
    }

    private void ReportDamage(Segment segment, SegmentWalk walk, WalkStop stop, Lsn? nextFirstLsn)
    {
        if (stage == SegmentStage.Growing)
        {
            var isTorn = !walk.HasMarkBehind(stop.Offset);
            faults.Add(new VerifyFault(
                VerifyFaultKind.Tail, path, stop.Offset, walk.Tail.NextLsn, null,
                isTorn
                    ? $"The last batch is torn or damaged ({stop.Reason}). A repair cuts it; it was never acknowledged if the process was killed or the power failed while it was written."
                    : $"Bytes in the midst of the segment are damaged ({stop.Reason}). A repair cuts the segment there, and with it all messages from {walk.Tail.NextLsn} on."));
            return;
        }

        var count = nextFirstLsn is { } next ? checked((int)(next.Value - segment.FirstLsn.Value)) : -1;
        var salvage = SegmentSalvage.Read(segment, segment.File.Length, count, -1, static _ => static _ => null);
        if (salvage.Losses.Count == 0)
        {
            faults.Add(new VerifyFault(
                VerifyFaultKind.Messages, path, stop.Offset, null, null, $"A structure between messages is damaged ({stop.Reason}); all messages can still be read. Restore the file from a backup."));
        }

        foreach (var loss in salvage.Losses)
        {
            faults.Add(new VerifyFault(
                VerifyFaultKind.Messages, path, loss.Offset, loss.FirstLsn, loss.LastLsn, "These messages are damaged; all others can be read. Restore the file from a backup."));
        }

        Tail = TailOf(segment, salvage) ?? Tail;
    }

    // The chain goes on behind the damage, so the next segment can be checked against it.
    private static LogTail? TailOf(Segment segment, SegmentSalvage salvage)
    {
        if (salvage.Entries.IsEmpty)
        {
            return null;
        }

        var bytes = new byte[EntryLimits.HeaderBytes];
        segment.File.Read(bytes, (long)salvage.Entries[^1].OffsetUnits * StoreLimits.AlignmentBytes);
        return EntryHeader.TryRead(bytes, out var last, out var checksum)
            ? new LogTail(last.Op + 1, new Lsn(last.FirstLsn.Value + last.MessageCount), checksum, last.TimestampMilliseconds)
            : null;
    }

    private long CheckIndex(Segment segment, bool isWhole)
    {
        if (IsForeign(segment))
        {
            faults.Add(IndexFault(0, "The index file is another segment's or dataset's."));
            return 0;
        }

        var identity = new StoreIdentity(segment.Header.ClusterId, "") { DatasetId = segment.Header.DatasetId };
        using var index = IndexFile.TryOpen(files, _indexPath, identity, number);
        if (index is null || index.Summary.MessageFileTag != segment.HeaderChecksum)
        {
            faults.Add(IndexFault(0, files.FileExists(_indexPath) ? "The index file is damaged." : "The index file is missing."));
            return 0;
        }

        try
        {
            index.CheckAll();
            if (isWhole && Differs(index, segment.Index))
            {
                faults.Add(IndexFault(0, "The index file does not agree with the message file."));
            }
        }
        catch (IndexDamagedException error)
        {
            faults.Add(IndexFault(error.Offset, error.Message));
        }

        return index.FileBytes;
    }

    private bool IsForeign(Segment segment)
    {
        if (!files.FileExists(_indexPath))
        {
            return false;
        }

        using var file = files.Open(_indexPath, DataFileMode.Read);
        var head = new byte[StoreLimits.FileHeaderBytes];
        return file.Read(head, 0) == head.Length && FileHeader.Read(head, _indexPath) is { } header
            && (header.Kind != FileKind.Index || header.SegmentNumber != number || header.ClusterId != segment.Header.ClusterId || header.DatasetId != segment.Header.DatasetId);
    }

    private static bool Differs(ISegmentIndex index, ISegmentIndex read)
    {
        if (index.Count != read.Count)
        {
            return true;
        }

        for (var row = 0; row < read.Count; row++)
        {
            if (index.LocationAt(row) != read.LocationAt(row) || index.QuickIdAt(row) != read.QuickIdAt(row))
            {
                return true;
            }
        }

        var channels = read.ListChannels(null, int.MaxValue);
        var indexed = index.ListChannels(null, int.MaxValue);
        return !channels.Select(entry => (entry.Channel, entry.Count)).SequenceEqual(indexed.Select(entry => (entry.Channel, entry.Count)));
    }

    private VerifyFault IndexFault(long offset, string message) =>
        new(VerifyFaultKind.Index, _indexPath, offset, null, null, message + " A repair makes it again from the message file; nothing is lost.");
}

/// <summary>How far a segment has come.</summary>
internal enum SegmentStage
{
    /// <summary>It is the last, and has no index file.</summary>
    Growing,

    /// <summary>It is whole, and waits for its entries to be committed: only in the log of a replica.</summary>
    Waiting,

    /// <summary>It has an index file, or should have.</summary>
    Sealed,
}
