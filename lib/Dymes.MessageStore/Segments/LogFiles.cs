namespace Dymes.MessageStore.Segments;

/// <summary>What the disk's thread does to the files of the log, one thing after the other.</summary>
internal sealed class LogFiles(
    StoreOptions options, JournalFile journal, SegmentFactory factory, SealingOrder sealing, SegmentSealer sealer, LogCutter cutter, (Segment Segment, long Offset) durable)
{
    private readonly BatchWriter _writer = new(options);

    /// <summary>Where the durable batches of the newest segment end.</summary>
    public (Segment Segment, long Offset) Durable { get; private set; } = durable;

    /// <summary>Writes a batch and makes it durable.</summary>
    public void Write(PendingBatch batch)
    {
        var segment = batch.Segment!;
        if (segment != Durable.Segment)
        {
            sealing.Complete(Durable.Segment, Durable.Offset, segment);
            sealer.WaitForPlace();
        }

        if (!segment.HasFile)
        {
            CreateFile(segment);
        }

        _writer.Write(batch);
        Durable = (segment, batch.Offset + batch.Length);
        if (!options.IsReplicated)
        {
            sealing.CommitTo(batch.LastOp); // alone, what is durable is committed
        }
    }

    /// <summary>Cuts the log back and makes that durable.</summary>
    public void Cut(LogCut work)
    {
        if (work.Cut is not { } cut)
        {
            return;
        }

        foreach (var segment in work.Gone)
        {
            segment.Dispose();
        }

        var stays = cut.Offset > 0;
        cutter.Cut(cut, stays ? work.Segment.File : null, work.EndLsn);
        _writer.Forget();
        Durable = (work.Segment, stays ? cut.Offset + StoreLimits.SyncMarkBytes : StoreLimits.FileHeaderBytes);
    }

    /// <summary>Puts an entry back into its place and makes that durable.</summary>
    public void Rewrite(EntryRewrite work)
    {
        work.Segment.File.Write(work.Bytes, work.Offset);
        if (options.SyncLevel != SyncLevel.None)
        {
            work.Segment.File.Flush();
        }

        _writer.Forget(); // it may remember the damaged bytes
    }

    // From here on the file is missed if it is gone, also by a process that comes after a kill. All in front of it is durable.
    private void CreateFile(Segment segment)
    {
        factory.CreateFile(segment);
        if (options.SyncLevel != SyncLevel.None)
        {
            journal.Write(state => state with { DurableSegment = segment.Number, DurableOffset = StoreLimits.FileHeaderBytes, DurableLsn = segment.FirstLsn });
        }
    }
}
