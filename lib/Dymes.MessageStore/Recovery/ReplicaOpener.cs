using Dymes.Common;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Segments;
using Microsoft.Extensions.Logging;

namespace Dymes.MessageStore.Recovery;

/// <summary>
/// Opens the files of a replica after whatever happened. Sealed segments are opened by their index files; those behind, of which entries may not be committed, are walked. Damage is no
/// reason to refuse: other replicas have what is lost. So the log ends where it cannot be read on, and what lies behind is left alone until the replica cuts it off.
/// </summary>
internal sealed class ReplicaOpener(SegmentOpener opener, SegmentList segments, HardState state, ILogger logger)
{
    private readonly List<(Segment Segment, long EndOffset)> _walked = [];
    private readonly List<ulong> _damaged = [];
    private UncommittedTails _tails = new(LogTail.Empty);
    private SegmentEnd _end = SegmentEnd.OfNewFile;
    private FoundDamage? _damage;
    private bool _isCutShort;

    public OpenedLog Open()
    {
        var numbers = opener.List();
        var count = numbers.TakeWhile((number, place) => number == place + 1).Count();
        if (count > 0 && count == numbers.Count && opener.DropTornCreation(numbers[^1]))
        {
            numbers.RemoveAt(--count);
        }

        OpenInTurn((uint)count);
        if (!_isCutShort && (count < numbers.Count || count < state.DurableSegment))
        {
            CutShort(opener.SegmentPath((uint)count + 1), 0, "the file is missing");
        }

        _tails.CommitTo(state.CommitHint);
        CutBeforeUncommittedDamage();
        if (_walked.Count == 0)
        {
            opener.AddNew();
        }

        return new OpenedLog(_end, opener.Tail)
        {
            Tails = _tails,
            Unsealed = _walked.Count == 0 ? [] : _walked[..^1],
            DamagedOps = _damaged,
            Damage = _damage,
            HasUnreadableTail = _isCutShort,
        };
    }

    private void OpenInTurn(uint count)
    {
        var lastSealed = count;
        while (lastSealed > 0 && !opener.IsSealed(lastSealed))
        {
            lastSealed--;
        }

        var number = 1u;
        while (number <= lastSealed && TryOpen(number, () => opener.AddSealed(number)))
        {
            number++;
        }

        _tails = new UncommittedTails(opener.Tail);
        while (!_isCutShort && number <= count && TryOpen(number, () => opener.AddGrowing(number)))
        {
            Walk(segments.All[^1], isLast: number == count);
            number++;
        }
    }

    private bool TryOpen(uint number, Action open)
    {
        var tail = opener.Tail;
        try
        {
            open();
            return true;
        }
        catch (DymesException error) when (error.Code == ErrorCode.StorageDamaged)
        {
            Close(segments.CutTo((int)number - 1));
            opener.Tail = tail;
            CutShort(opener.SegmentPath(number), 0, error.Message);
            return false;
        }
    }

    private void Walk(Segment segment, bool isLast)
    {
        var walk = new SegmentWalk(segment, opener.Tail, _tails);
        var stop = walk.Run();
        if (stop.Kind == WalkStopKind.Damage && Decide(walk, stop, segment, isLast).Verdict == TailVerdict.Corruption)
        {
            Note(segment.Path, stop.Offset, stop.Reason);
            var around = new DamagedWalk(walk, segment, offset => !isLast || state.Covers(segment.Number, offset));
            stop = around.Run();
            _damaged.AddRange(around.DamagedOps);
        }

        var row = Decide(walk, stop, segment, isLast);
        if (row.Verdict == TailVerdict.TornWrite)
        {
            walk.CutTornWrite(stop, row, logger);
        }
        else if (row.Verdict == TailVerdict.Corruption)
        {
            CutShort(segment.Path, stop.Offset, $"{stop.Reason} ({row.Label})");
        }

        segment.File.Flush(); // a killed process may have left whole batches that only the page cache has; from here on they count as durable
        _walked.Add((segment, walk.End.Offset));
        _end = walk.End;
        opener.Tail = walk.Tail;
    }

    // In front of a later segment zeros are no damage of their own: where that does not continue the log, it is the one that cannot be opened.
    private TailRow Decide(SegmentWalk walk, WalkStop stop, Segment segment, bool isLast) =>
        TailTable.Decide(walk, stop, isLast ? state.Covers(segment.Number, walk.End.Offset) : stop.Kind == WalkStopKind.Damage);

    // Entries that are known to be committed are put back into their places; but the last of these is what the log goes on from. From there on the log has to come from the group.
    private void CutBeforeUncommittedDamage()
    {
        var first = _damaged.Find(op => op >= _tails.CommittedOp);
        if (first == 0)
        {
            return;
        }

        var segment = segments.OfOp(first);
        var entry = (int)(first - segment.Header.FirstOp);
        var offset = segment.StartOf(entry);
        Close(segments.CutTo((int)segment.Number));
        segment.CutTo(entry);
        segment.Marks.RemoveAll(mark => mark >= offset);
        _walked.RemoveAll(walked => walked.Segment.Number > segment.Number);
        _damaged.RemoveAll(op => op >= first);
        _end = new SegmentEnd(offset, (ulong)segment.Marks.Count + 1, segment.Marks.LastOrDefault());
        opener.Tail = _tails.CutBeforeDamage(first);
        CutShort(segment.Path, offset, $"op {first} is damaged, and no later one is known to be committed");
    }

    private void CutShort(string path, long offset, string reason)
    {
        _isCutShort = true;
        Note(path, offset, reason);
        logger.LogError("{Path}: {Reason}, at offset {Offset}. The log ends before it, with op {Op}, until the group gives back what follows.", path, reason, offset, opener.Tail.NextOp - 1);
    }

    private void Note(string path, long offset, string reason) => _damage ??= new FoundDamage(path, offset, reason);

    private static void Close(Segment[] gone)
    {
        foreach (var segment in gone)
        {
            segment.Dispose();
        }
    }
}
