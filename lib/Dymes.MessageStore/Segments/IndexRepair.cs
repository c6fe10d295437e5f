using Dymes.Common;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Scrubbing;
using Microsoft.Extensions.Logging;

namespace Dymes.MessageStore.Segments;

/// <summary>
/// Makes the indexes whole again when damaged entries are back in their places. Until then the segments that were read around them know too little to be sealed, and to say what is not in the
/// log. The files are read again in the background: who appends waits for the last few entries only. Its state belongs to whoever holds the store's gate.
/// </summary>
internal sealed class IndexRepair
{
    private const ulong EntriesUnderGate = 256;
    private readonly SegmentList _segments;
    private readonly GatheringLog _log;
    private readonly SealingOrder _sealing;
    private readonly SegmentSealer _sealer;
    private readonly SortedSet<ulong> _damaged;
    private readonly List<ulong> _back = []; // in their places, and not in the index yet
    private readonly ulong _firstOp;
    private readonly CancellationTokenSource _stop = new();
    private bool _isReading;
    private bool _isTelling;
    private Task _last = Task.CompletedTask;
    private Task _telling = Task.CompletedTask;

    /// <param name="segments">The segments.</param>
    /// <param name="log">What is not on disk yet.</param>
    /// <param name="sealing">Waits for the repair.</param>
    /// <param name="sealer">Makes index files again.</param>
    /// <param name="damagedOps">The damaged entries of the segments that grow, as they were found.</param>
    public IndexRepair(SegmentList segments, GatheringLog log, SealingOrder sealing, SegmentSealer sealer, IReadOnlyList<ulong> damagedOps)
    {
        _segments = segments;
        _log = log;
        _sealing = sealing;
        _sealer = sealer;
        _damaged = [.. damagedOps];
        _firstOp = _damaged.Min;
        NoteRest();
    }

    /// <summary>The store's gate.</summary>
    public required object Gate { get; init; }

    /// <summary>Lets the disk ask for what waits: it may have asked while the gate was held.</summary>
    public required Action WakeDisk { get; init; }

    /// <summary>Told of the damaged entries, until they are back in their places.</summary>
    public required DamageReports Reports { get; init; }

    /// <summary>Told of entries that are back in their places and in the index.</summary>
    public required Action<ulong> OnMended { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>Whether the index knows all messages.</summary>
    public bool IsComplete => _damaged.Count == 0 && !_isReading;

    /// <summary>Begins to tell of the damaged entries.</summary>
    public void Start()
    {
        lock (Gate)
        {
            if (_damaged.Count > 0 && !_isTelling)
            {
                _isTelling = true;
                _telling = Task.Run(TellAsync);
            }
        }

        WakeDisk();
    }

    /// <summary>A damaged entry is back in its place on disk. With the gate held.</summary>
    public void OnRewritten(Segment segment, ulong op)
    {
        if (segment.HasMakeshiftIndex)
        {
            InBackground(() => MakeAgain(segment, op));
        }
        else if (_damaged.Remove(op))
        {
            _back.Add(op);
            Reports.OnMended(op); // as far as those who put it back are concerned
            if (_damaged.Count == 0)
            {
                _isReading = true;
                InBackground(ReadAllAgain);
            }

            NoteRest();
        }
        else
        {
            OnMended(op);
        }
    }

    /// <summary>Lets go of what is not done, and waits for what is being done. Without the gate.</summary>
    public void Stop()
    {
        _stop.Cancel();
        Task last, telling;
        lock (Gate)
        {
            (last, telling) = (_last, _telling);
        }

        Task.WaitAll(last, telling);
    }

    private void NoteRest() => _sealing.WaitForRepair(_damaged.Count > 0 ? _damaged.Min : _isReading ? _firstOp : null);

    private void InBackground(Action act) => _last = _last.ContinueWith(_ => Run(act), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private void Run(Action act)
    {
        try
        {
            if (!_stop.IsCancellationRequested)
            {
                act();
            }
        }
        catch (Exception error) // the edge of a background task
        {
            Logger.LogError(error, "An index cannot be made whole again before the next start.");
        }
    }

    // Again and again: whoever mends may have been unable to, or have forgotten.
    private async Task TellAsync()
    {
        try
        {
            while (DamagedNow() is { Length: > 0 } damaged)
            {
                foreach (var op in damaged)
                {
                    await Reports.TellAsync(op, _stop.Token).ConfigureAwait(false);
                }

                await Reports.SettleAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // the store is closed
        }
    }

    private ulong[] DamagedNow()
    {
        ulong[] damaged;
        lock (Gate)
        {
            damaged = [.. _damaged];
            _isTelling = damaged.Length > 0;
        }

        WakeDisk();
        return damaged;
    }

    private void MakeAgain(Segment segment, ulong op)
    {
        try
        {
            if (segment is { HasMakeshiftIndex: true, Index: SelfHealingIndex healing })
            {
                healing.MakeAgain();
            }
            else if (segment.HasMakeshiftIndex)
            {
                segment.BecomeSealed(_sealer.Rebuild(segment, segment.File.Length, segment.Index.Count, segment.Entries.Count).Index);
            }
        }
        catch (DymesException error) when (error.Code == ErrorCode.StorageDamaged)
        {
            Logger.LogWarning("Op {Op} is back in its place; its index is made again when the rest is: {Reason}", op, error.Message);
        }

        OnMended(op);
    }

    // One after the other: the later segments count a channel's messages from those before.
    private void ReadAllAgain()
    {
        var place = (int)_segments.OfOp(_firstOp).Number - 1;
        ulong? damaged = null;
        while (!_stop.IsCancellationRequested && place >= 0 && damaged is null)
        {
            var all = _segments.All;
            var segment = all[Math.Min(place, all.Length - 1)]; // it may be cut off meanwhile
            var again = new IndexRereading(segment, _segments);
            damaged = ReadMost(segment, again);
            lock (Gate)
            {
                damaged ??= TakeOver(segment, again, ref place);
                if (damaged is { } op)
                {
                    _damaged.Add(op);
                    _isReading = false;
                    NoteRest();
                }
            }

            WakeDisk();
        }

        Start();
    }

    // What is committed stays where it is, so the gate need not be held; most of what comes meanwhile is read in another round. Gives an entry that has gone bad too.
    private ulong? ReadMost(Segment segment, IndexRereading again)
    {
        ulong? damaged = null;
        while (damaged is null && !_stop.IsCancellationRequested && CommittedIn(segment) is var end && again.NextOp + EntriesUnderGate <= end)
        {
            damaged = again.ReadTo(end);
        }

        return damaged;
    }

    // The place is then that of the next segment; -1 where all is done.
    private ulong? TakeOver(Segment segment, IndexRereading again, ref int place)
    {
        if (!_stop.IsCancellationRequested && place < _segments.All.Length && _segments.All[place] == segment)
        {
            if (again.ReadTo(CommittedIn(segment)) is { } damaged)
            {
                return damaged;
            }

            again.TakeRest(_log);
            segment.BecomeWhole(again.Rows);
            place++;
        }

        if (place >= _segments.All.Length)
        {
            place = -1;
            _isReading = false;
            NoteRest();
            _back.ForEach(OnMended);
            _back.Clear();
        }

        return null;
    }

    private ulong CommittedIn(Segment segment) => Math.Min(_sealing.CommittedOp, segment.LastPlacedOp);
}
