using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.MessageStore;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Segments;

namespace Dymes.Engine.Appending;

/// <summary>
/// Decides each message of a request and puts those that pass into the log: what consensus will call the primary's stamping. Runs with the store's gate
/// held.
/// </summary>
internal sealed class RequestSequencer(SegmentStore store, MessageIdSequence ids, IdempotencyWindow window, StoredContent content, Func<Lsn> durableEnd)
{
    private readonly List<int> _acceptedOffsets = [];
    private Lsn _requestStart;

    /// <summary>Carries out a request, unless it must wait until more is durable: then it changes nothing and the result is null.</summary>
    /// <param name="request">The request.</param>
    /// <param name="end">Up to where the log must be durable before the answer is given.</param>
    public AppendResult? TryRun(AppendRequest request, out Lsn end)
    {
        end = Lsn.First;
        if (durableEnd() < EndOfContentToCompare(request) || !store.Appender.TryBegin(request.Frames.Length, request.Count))
        {
            return null;
        }

        var result = Run(request);
        end = store.Appender.NextLsn == _requestStart ? Lsn.First : store.Appender.NextLsn;
        return result;
    }

    /// <summary>Carries out a request in the entry that is open, which has room for it.</summary>
    public AppendResult Run(AppendRequest request)
    {
        _requestStart = store.Appender.NextLsn;
        _acceptedOffsets.Clear();
        if (TryReplay(request, out var replay))
        {
            return replay;
        }

        var receipts = new AppendReceipt[request.Count];
        AppendAll(request, receipts);
        return new AppendResult(receipts);
    }

    private void AppendAll(AppendRequest request, AppendReceipt[] receipts)
    {
        var checkpoint = store.Appender.Checkpoint();
        var lastId = ids.Last;
        var growing = store.Segments[^1];
        var marks = ((ActiveIndex)growing.Index).IdempotencyRecords;
        var marksBefore = marks.Count;
        try
        {
            if (TryAppendEach(request, receipts))
            {
                for (var i = marksBefore; i < marks.Count; i++)
                {
                    window.Add(marks[i].Key, new KnownRequest(growing.LsnOf(marks[i].Row), marks[i].Count)); // wherever it comes from, as after a restart
                }

                return;
            }
        }
        catch
        {
            TakeBack(checkpoint, lastId);
            throw;
        }

        TakeBack(checkpoint, lastId);
    }

    // False where an atomic request was refused.
    private bool TryAppendEach(AppendRequest request, AppendReceipt[] receipts)
    {
        var conditions = new ConditionCursor(request.Conditions);
        var frames = new FrameEnumerator(request.Frames.Span);
        var offset = 0;
        for (var i = 0; frames.MoveNext(); i++)
        {
            receipts[i] = Append(request, frames.Current, conditions.For(i), offset);
            if (!receipts[i].IsStored && request.IsAtomic)
            {
                var refused = receipts[i];
                RefuseAll(request, AppendOutcome.Aborted, receipts);
                receipts[i] = refused;
                return false;
            }

            offset += frames.Current.Bytes.Length;
        }

        return true;
    }

    private void TakeBack(AppendCheckpoint checkpoint, MessageId lastId)
    {
        store.Appender.RollbackTo(checkpoint);
        ids.RewindTo(lastId);
    }

    private AppendReceipt Append(AppendRequest request, MessageFrame frame, ulong? expectedVersion, int offset)
    {
        var given = frame.Id;
        if (!given.IsNone && store.TryFindId(given, out var segment, out var row))
        {
            return Existing(request, frame, segment, row);
        }

        if (expectedVersion is { } expected)
        {
            var version = VersionOf(frame.Channel);
            if (version != expected)
            {
                return new AppendReceipt(AppendOutcome.VersionMismatch, given, default, version);
            }
        }

        var parent = frame.CorrelationId;
        if (!parent.IsNone && !request.AllowsMissingParents && !store.TryFindId(parent, out _, out _))
        {
            return new AppendReceipt(AppendOutcome.ParentMissing, given, default, 0);
        }

        var id = given.IsNone ? NextId() : given;
        var lsn = store.Appender.NextLsn;
        var channelVersion = store.Appender.Append(frame.Bytes, id);
        _acceptedOffsets.Add(offset);
        return new AppendReceipt(AppendOutcome.Appended, id, lsn, channelVersion);
    }

    // An imported id may lie ahead of the clock, where assigned ids will come one day.
    private MessageId NextId()
    {
        while (true)
        {
            var id = ids.Next(store.Appender.TimestampMilliseconds);
            if ((id > store.Segments[^1].Index.MaxId && id > store.MaxIdOfSealed) || !store.TryFindId(id, out _, out _))
            {
                return id;
            }
        }
    }

    private AppendReceipt Existing(AppendRequest request, MessageFrame frame, Segment segment, int row)
    {
        var lsn = segment.LsnOf(row);
        bool isSame;
        if (lsn >= _requestStart)
        {
            var earlier = new FrameEnumerator(request.Frames.Span[_acceptedOffsets[(int)(lsn.Value - _requestStart.Value)]..]);
            earlier.MoveNext();
            isSame = earlier.Current.HasContentOf(frame);
        }
        else
        {
            isSame = content.IsContentOf(segment, row, frame);
        }

        return isSame
            ? new AppendReceipt(AppendOutcome.Replayed, frame.Id, lsn, VersionAt(frame.Channel, segment, row))
            : new AppendReceipt(AppendOutcome.IdConflict, frame.Id, default, 0);
    }

    private bool TryReplay(AppendRequest request, out AppendResult replay)
    {
        replay = null!;
        if (request.IdempotencyKey is null || !window.TryGet(KeyOf(request), out var known))
        {
            return false;
        }

        var receipts = new AppendReceipt[request.Count];
        var frames = new FrameEnumerator(request.Frames.Span);
        var isSame = known.Count == request.Count;
        var next = known.FirstLsn;
        for (var i = 0; isSame && frames.MoveNext(); i++)
        {
            isSame = TryPlace(frames.Current, ref next, out var segment, out var row) && content.IsContentOf(segment, row, frames.Current);
            if (isSame)
            {
                receipts[i] = new AppendReceipt(AppendOutcome.Replayed, segment.Index.IdAt(row), segment.LsnOf(row), VersionAt(frames.Current.Channel, segment, row));
            }
        }

        if (!isSame)
        {
            RefuseAll(request, AppendOutcome.IdempotencyMismatch, receipts);
        }

        replay = new AppendResult(receipts);
        return true;
    }

    // Where the first run put a message: those that it appended follow each other; one with an id of its own may have been in the log before.
    private bool TryPlace(MessageFrame frame, ref Lsn next, out Segment segment, out int row)
    {
        if (!frame.Id.IsNone)
        {
            if (!store.TryFindId(frame.Id, out segment, out row))
            {
                return false;
            }

            next = segment.LsnOf(row) == next ? next.Next : next;
            return true;
        }

        segment = store.SegmentOf(next);
        row = segment.RowOf(next);
        next = next.Next;
        return segment.LsnOf(row) < store.Appender.NextLsn;
    }

    // What this request must be compared with may still be on its way to the disk.
    private Lsn EndOfContentToCompare(AppendRequest request)
    {
        var end = Lsn.First;
        if (request.IdempotencyKey is not null && window.TryGet(KeyOf(request), out var known))
        {
            end = new Lsn(Math.Min(known.FirstLsn.Value + (ulong)known.Count, store.Appender.NextLsn.Value)); // an imported mark may promise more than there is
        }

        foreach (var frame in new FrameEnumerator(request.Frames.Span))
        {
            if (!frame.Id.IsNone && store.TryFindId(frame.Id, out var segment, out var row) && segment.LsnOf(row) >= end)
            {
                end = segment.LsnOf(row).Next;
            }
        }

        return end;
    }

    private ulong VersionOf(ChannelId channel) => store.FindChannel(channel) is { } entry ? entry.BaseCount + (ulong)entry.Count : 0;

    internal static ulong VersionAt(ChannelId channel, Segment segment, int row) =>
        segment.Index.FindChannel(channel) is { } entry ? entry.BaseCount + (ulong)segment.Index.CountChannelRowsBelow(channel, row) + 1 : 0;

    private static UInt128 KeyOf(AppendRequest request) => Checksum.Of(System.Text.Encoding.UTF8.GetBytes(request.IdempotencyKey!));

    private static void RefuseAll(AppendRequest request, AppendOutcome outcome, AppendReceipt[] receipts)
    {
        var i = 0;
        foreach (var frame in new FrameEnumerator(request.Frames.Span))
        {
            receipts[i++] = new AppendReceipt(outcome, frame.Id, default, 0);
        }
    }
}
