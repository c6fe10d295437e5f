using Dymes.Common;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Segments;
using Microsoft.Extensions.Logging;

namespace Dymes.MessageStore.Recovery;

/// <summary>
/// Opens the files of a node of its own after whatever happened: sealed segments by their index files, without reading messages; the one that was growing by walking it. Damage to what was
/// durable is an operator's to decide on.
/// </summary>
internal sealed class LogOpener(SegmentOpener opener, StoreOptions options, HardState state, ILogger logger)
{
    public OpenedLog Open()
    {
        var numbers = opener.List();
        RequireAll(numbers);
        if (numbers.Count > 0 && opener.DropTornCreation(numbers[^1]))
        {
            numbers.RemoveAt(numbers.Count - 1);
        }

        foreach (var number in numbers.SkipLast(1))
        {
            opener.AddSealed(number);
        }

        if (numbers.Count > 0 && !opener.IsSealed(numbers[^1]))
        {
            return AddLast(numbers[^1]);
        }

        if (numbers.Count > 0)
        {
            opener.AddSealed(numbers[^1]);
        }

        opener.AddNew();
        return new OpenedLog(SegmentEnd.OfNewFile, opener.Tail);
    }

    private void RequireAll(List<uint> numbers)
    {
        for (var i = 0; i < numbers.Count; i++)
        {
            if (numbers[i] != i + 1)
            {
                throw SegmentOpener.Damaged(opener.SegmentPath((uint)i + 1), "is missing. Put it back from a backup; without it the log has a gap");
            }
        }

        if (numbers.Count < state.DurableSegment)
        {
            throw SegmentOpener.Damaged(
                opener.SegmentPath((uint)numbers.Count + 1), $"is missing: the journal saw {state.DurableLsn} messages up to segment {state.DurableSegment}. Put it back from a backup");
        }
    }

    private OpenedLog AddLast(uint number)
    {
        var segment = opener.AddGrowing(number);
        var walk = new SegmentWalk(segment, opener.Tail);
        Settle(segment, walk, walk.Run());
        segment.File.Flush(); // a killed process may have left whole batches that only the page cache has; from here on they count as durable
        return new OpenedLog(walk.End, walk.Tail);
    }

    private void Settle(Segment segment, SegmentWalk walk, WalkStop stop)
    {
        var row = TailTable.Decide(walk, stop, state.Covers(segment.Number, walk.End.Offset));
        switch (row.Verdict)
        {
            case TailVerdict.TornWrite:
                walk.CutTornWrite(stop, row, logger);
                break;
            case TailVerdict.Corruption:
                throw new DymesException(
                    ErrorCode.StorageDamaged,
                    $"{segment.Path}: {stop.Reason}, at offset {stop.Offset} ({row.Label}). Messages from {walk.Tail.NextLsn} on are affected. " +
                    $"Restore the file from a backup, or run `dymes verify {options.Directory} --repair` to see what can be saved.");
        }
    }
}
