using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;
using Microsoft.Extensions.Logging;

namespace Dymes.MessageStore.Segments;

/// <summary>
/// Seals segments in the background, one after the other: cuts the zeros behind the last batch, writes the index file, and lets it take the place of the index in memory.
/// A segment whose index file cannot be written keeps its index in memory, and gets the file at the next start.
/// </summary>
internal sealed class SegmentSealer(IFileSystem files, StoreOptions options, StoreIdentity identity, Action<Segment, long> onSealed, ILogger logger)
{
    private const int WaitingMax = 4;
    private readonly object _gate = new();
    private readonly Queue<(Segment Segment, long EndOffset)> _heldUp = [];
    private int _waiting;
    private Task _last = Task.CompletedTask;
    private Task _mending = Task.CompletedTask;

    /// <summary>Seals a segment whose batches are all durable, in its turn.</summary>
    public void Enqueue(Segment segment, long endOffset)
    {
        lock (_gate)
        {
            _waiting++;
            _last = _last.ContinueWith(_ => Run(segment, endOffset), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Waits while many segments wait: whoever fills them is too fast.</summary>
    public void WaitForPlace()
    {
        lock (_gate)
        {
            while (_waiting > WaitingMax)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Waits until all segments are sealed, but for those that damage holds up: nothing is mended any more.</summary>
    public void Finish()
    {
        Healing?.Stop();
        _last.Wait();
        _mending.Wait();
    }

    /// <summary>Writes a segment's index file and opens it.</summary>
    public ISegmentIndex WriteIndex(Segment segment, ActiveIndex rows, ReadOnlySpan<EntryPlace> entries, long endOffset)
    {
        var path = Path.ChangeExtension(segment.Path, ".idx");
        IndexFileWriter.Write(files, path, segment.Header, Summarize(segment, rows, entries, endOffset), rows, entries, options.SyncLevel == SyncLevel.All);
        return Open(segment, path) ?? throw new IOException($"{path} cannot be read back right after it was written.");
    }

    /// <summary>Opens a segment's index file; null where there is none of this segment that can be used.</summary>
    public SelfHealingIndex? Open(Segment segment, string path)
    {
        var file = IndexFile.TryOpen(files, path, identity, segment.Number);
        if (file is null || file.Summary.MessageFileTag != segment.HeaderChecksum)
        {
            file?.Dispose();
            return null;
        }

        return new SelfHealingIndex(file, () => Rebuild(segment, file.Summary.MessageFileBytes, file.Summary.Count, file.Summary.EntryCount).Index, Healing);
    }

    /// <summary>Makes an index anew from its message file.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="endOffset">Where its batches end.</param>
    /// <param name="count">How many messages it must have; -1 where that is not known.</param>
    /// <param name="entryCount">How many entries it must have; -1 where that is not known.</param>
    /// <returns>The index, and what it says of the segment. It stays in memory where something is lost, so that a file put back from a backup is read anew, and where it cannot be written.</returns>
    public (ISegmentIndex Index, IndexSummary Summary) Rebuild(Segment segment, long endOffset, int count, int entryCount)
    {
        logger.LogWarning("The index of segment {Segment} is rebuilt from {Path}.", segment.Number, segment.Path);
        var salvage = Recovery.SegmentSalvage.Read(segment, endOffset, count, entryCount, FindOlder);
        foreach (var loss in salvage.Losses)
        {
            logger.LogError("{Path} is damaged at offset {Offset}: messages {First} to {Last} cannot be read.", segment.Path, loss.Offset, loss.FirstLsn, loss.LastLsn);
        }

        if (options.IsReplicated && salvage.MissesEntries)
        {
            segment.FirstLost = salvage.FirstDamaged;
            throw new DymesException(
                ErrorCode.StorageDamaged,
                $"{segment.Path} is damaged, and so is its index file, or it is missing: nobody knows where each of its entries is. They are got from the other members, one after the other. " +
                "If that does not end, start the node again: it then gets the log from there on.")
            {
                Lsn = segment.FirstLsn,
            };
        }

        segment.FindEntriesAt(salvage.Entries); // where no index can be made too: who mends the entries must know where they are
        if (salvage.FirstUnknown is { } unknown)
        {
            throw new DymesException(
                ErrorCode.StorageDamaged,
                $"{segment.Path} is damaged at offset {unknown.Offset}, and so is its index file, or it is missing: nobody knows ids and channels of message {unknown.FirstLsn} " +
                $"to {unknown.LastLsn}, so no query can be answered without leaving something out. Restore one of the two files from a backup.")
            {
                Lsn = unknown.FirstLsn,
            };
        }

        var summary = Summarize(segment, salvage.Rows, salvage.Entries, endOffset);
        if (salvage.Losses.Count > 0 || salvage.HasDamagedEntries || salvage.MissesEntries)
        {
            return (salvage.Rows, summary);
        }

        try
        {
            return (WriteIndex(segment, salvage.Rows, salvage.Entries, endOffset), summary);
        }
        catch (IOException error)
        {
            logger.LogError(error, "The index of segment {Segment} stays in memory: its file cannot be written.", segment.Number);
            return (salvage.Rows, summary);
        }
    }

    /// <summary>Makes the indexes again for the writer, and has damage mended that is in the way; null where nobody mends.</summary>
    public IndexHealing? Healing { get; init; }

    /// <summary>What the segments before one know of a channel; set by the store.</summary>
    public Func<Segment, Dymes.Message.ChannelId, ChannelEntry?> FindOlderThan { get; set; } = (_, _) => null;

    private Func<Dymes.Message.ChannelId, ChannelEntry?> FindOlder(Segment segment) => channel => FindOlderThan(segment, channel);

    private void Run(Segment segment, long endOffset)
    {
        try
        {
            segment.File.SetLength(endOffset);
            if (options.SyncLevel != SyncLevel.None)
            {
                segment.File.Flush();
            }

            if (!IsHeldUp(segment, endOffset))
            {
                Seal(segment, endOffset);
            }
        }
        catch (DymesException error) when (Healing is not null && error.Code == ErrorCode.StorageDamaged)
        {
            HoldUp(segment, endOffset); // what it says of channels is in older segments too
        }
        catch (Exception error) // the edge of a background task
        {
            LogNotSealed(segment, error);
        }
        finally
        {
            lock (_gate)
            {
                _waiting--;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Seal(Segment segment, long endOffset)
    {
        segment.BecomeSealed(WriteIndex(segment, (ActiveIndex)segment.Index, segment.Entries.Places, endOffset));
        onSealed(segment, endOffset);
    }

    private bool IsHeldUp(Segment segment, long endOffset)
    {
        lock (_gate)
        {
            if (_heldUp.Count > 0)
            {
                _heldUp.Enqueue((segment, endOffset)); // in its turn
            }

            return _heldUp.Count > 0;
        }
    }

    private void HoldUp(Segment segment, long endOffset)
    {
        lock (_gate)
        {
            _heldUp.Enqueue((segment, endOffset));
            _mending = Task.Run(SealHeldUpAsync);
        }
    }

    private async Task SealHeldUpAsync()
    {
        for (var next = NextHeldUp(isDone: false); next is var (segment, endOffset); next = NextHeldUp(isDone: true))
        {
            try
            {
                await Healing!.UntilMendedAsync(() => Seal(segment, endOffset)).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return; // the store is closed
            }
            catch (Exception error) // the edge of a background task
            {
                LogNotSealed(segment, error);
            }
        }
    }

    private (Segment Segment, long EndOffset)? NextHeldUp(bool isDone)
    {
        lock (_gate)
        {
            if (isDone)
            {
                _heldUp.Dequeue();
            }

            return _heldUp.TryPeek(out var next) ? next : null;
        }
    }

    private void LogNotSealed(Segment segment, Exception error) =>
        logger.LogError(error, "Segment {Segment} is not sealed; its index stays in memory until the next start.", segment.Number);

    private static IndexSummary Summarize(Segment segment, ActiveIndex rows, ReadOnlySpan<EntryPlace> entries, long endOffset)
    {
        var (last, lastChecksum) = LastEntry(segment, entries);

        return new IndexSummary
        {
            SegmentNumber = segment.Number,
            Count = rows.Count,
            EntryCount = entries.Length,
            FirstLsn = segment.FirstLsn,
            FirstOp = segment.Header.FirstOp,
            MinId = rows.MinId,
            MaxId = rows.MaxId,
            LastEntryChecksum = lastChecksum,
            LastTimestamp = last.TimestampMilliseconds,
            LastView = last.View,
            MessageFileBytes = endOffset,
            MessageFileTag = segment.HeaderChecksum,
        };
    }

    // The last one whose header can be read: what goes on behind a damaged one knows more.
    private static (EntryHeader Header, UInt128 Checksum) LastEntry(Segment segment, ReadOnlySpan<EntryPlace> entries)
    {
        var bytes = new byte[EntryLimits.HeaderBytes];
        for (var entry = entries.Length - 1; entry >= 0; entry--)
        {
            segment.File.Read(bytes, entries[entry].Offset);
            if (EntryHeader.TryRead(bytes, out var header, out var checksum))
            {
                return (header, checksum);
            }
        }

        return (default, segment.Header.ParentChecksum);
    }
}
