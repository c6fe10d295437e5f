using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;

namespace Dymes.MessageStore.Segments;

/// <summary>
/// Cuts the end of the log off the disk. First the journal says what is to be done; whoever opens the store after a crash does it again from the start. So the log is as it was, or ends
/// exactly at the cut.
/// </summary>
/// <remarks>
/// No byte that stays is written again: the cut batch keeps its mark, and the mark of an empty batch at the cut says that it ends there. What is behind the cut is off the disk before
/// anything is written there, so nothing of it can be taken for a batch.
/// </remarks>
internal sealed class LogCutter(IFileSystem files, StoreOptions options, JournalFile journal)
{
    /// <summary>Cuts the log; everything is durable when it returns.</summary>
    /// <param name="cut">Where.</param>
    /// <param name="file">The message file that is cut, if it stays.</param>
    /// <param name="end">The end of the log behind the cut.</param>
    public void Cut(PendingCut cut, IDataFile? file, Lsn end)
    {
        journal.Write(state => Lowered(state, cut, end) with { Cut = cut });
        Complete(cut, file);
    }

    /// <summary>Does what the journal says is to be done.</summary>
    public void CompletePending()
    {
        if (journal.State.Cut is not { } cut)
        {
            return;
        }

        var path = Path.Combine(options.Directory, SegmentNames.MessageFile(cut.Segment));
        using var file = files.FileExists(path) ? files.Open(path, DataFileMode.ReadWrite) : null;
        Complete(cut, file);
    }

    // Where the segment's file goes, the segment before it is whole: it was durable before this one was made.
    private static HardState Lowered(HardState state, PendingCut cut, Lsn end)
    {
        if (state.DurableSegment < cut.Segment)
        {
            return state;
        }

        var isBehind = state.DurableSegment > cut.Segment;
        var lowered = state with { DurableLsn = new Lsn(Math.Min(state.DurableLsn.Value, end.Value)) };
        return cut.Offset == 0
            ? lowered with { DurableSegment = cut.Segment - 1, DurableOffset = 0 }
            : lowered with { DurableSegment = cut.Segment, DurableOffset = isBehind ? cut.Offset : Math.Min(state.DurableOffset, cut.Offset) };
    }

    private void Complete(PendingCut cut, IDataFile? file)
    {
        RemoveBehind(cut.Offset == 0 ? cut.Segment - 1 : cut.Segment);
        if (file is not null && cut.Offset > 0)
        {
            var mark = new byte[StoreLimits.SyncMarkBytes];
            cut.Mark.Write(mark);
            file.SetLength(cut.Offset);
            file.Write(mark, cut.Offset);
            if (options.SyncLevel != SyncLevel.None)
            {
                file.Flush();
            }
        }

        journal.Write(state => state with { Cut = null });
    }

    private void RemoveBehind(uint segment)
    {
        var behind = files.ListFiles(options.Directory).Where(name => SegmentNames.TryParseMessageFile(name, out var number) && number > segment).ToArray();
        foreach (var name in behind.OrderDescending(StringComparer.Ordinal))
        {
            var path = Path.Combine(options.Directory, name);
            files.Delete(Path.ChangeExtension(path, ".idx"));
            files.Delete(path);
        }

        if (behind.Length > 0 && options.SyncLevel != SyncLevel.None)
        {
            files.FlushDirectory(options.Directory);
        }
    }
}
