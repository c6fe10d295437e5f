using Dymes.Common;
using Dymes.Message;

namespace Dymes.MessageStore.Segments;

/// <summary>
/// The log as a replica of a group grows it: entries get their headers from the replica, and the newest can be taken back until they are committed. All is in the index at once; the disk
/// follows in the same order. Each entry that is closed or appended and each truncation is a change, numbered from 1 since the store was opened; <see cref="DurableWrite.Write"/> says how
/// far the disk is. Owned by whoever holds the store's gate. It never waits for the disk: who adds entries stops while <see cref="WaitingBytes"/> is more than he wants in memory.
/// </summary>
public sealed class ReplicaAppender
{
    private readonly GatheringLog _log;
    private readonly SegmentList _segments;
    private readonly UncommittedTails _tails;
    private readonly EntryAdmission _admission;
    private readonly SealingOrder _sealing;
    private readonly EntryChain _chain;
    private readonly IndexRepair _repair;
    private readonly IndexHealing _healing;

    internal ReplicaAppender(GatheringLog log, SegmentList segments, UncommittedTails tails, SealingOrder sealing, IndexRepair repair, IndexHealing healing)
    {
        _log = log;
        _segments = segments;
        _tails = tails;
        _sealing = sealing;
        _repair = repair;
        _healing = healing;
        _chain = new EntryChain(segments);
        _admission = new EntryAdmission(segments);
    }

    /// <summary>What the next entry continues.</summary>
    public LogTail Tail => _log.Tail;

    /// <summary>The last op of the log.</summary>
    public ulong LastOp => _log.Tail.NextOp - 1;

    /// <summary>
    /// Whether the index knows all messages. It does not while entries of <see cref="FoundLog.DamagedOps"/> are missing: until they are put back, a message that is in the log may not be found,
    /// so no entry should be prepared here. Neither does it while an index that the writer needed is made again.
    /// </summary>
    public bool IsIndexComplete => _repair.IsComplete && _healing.IsIdle;

    /// <summary>Ends when the indexes that are being made again now are made, or cannot be.</summary>
    public Task IndexesHealed => _healing.Settled;

    /// <summary>The bytes that wait for the disk.</summary>
    public long WaitingBytes => _log.WaitingBytes;

    /// <summary>
    /// Primary: opens the next entry. Messages are added with <see cref="LogAppender.Append"/>, then the answer where they do not tell it; then <see cref="CopyBody"/>, and
    /// <see cref="Close"/> with the header that the replica made of it, before anything else and before the gate is left.
    /// </summary>
    /// <param name="bytes">The most bytes that the body will have.</param>
    /// <param name="messages">The most messages that it will have.</param>
    /// <param name="timestampMilliseconds">The time that the replica gives it.</param>
    public void Open(int bytes, int messages, long timestampMilliseconds)
    {
        MakeRoom(bytes, messages);
        _log.Open(timestampMilliseconds);
    }

    /// <summary>Adds the answer behind the messages of the open entry: a multiple of 16 bytes.</summary>
    public void AddAnswer(ReadOnlySpan<byte> answer)
    {
        InvariantViolation.Assert(_log.Entry is not null && answer.Length % EntryLimits.AlignmentBytes == 0, "an answer is added to an open entry and is a multiple of 16 bytes");
        answer.CopyTo(_log.Batch.Extend(answer.Length));
    }

    /// <summary>The open entry's body, as memory that does not change any more.</summary>
    public ReadOnlyMemory<byte> CopyBody()
    {
        InvariantViolation.Assert(_log.Entry is not null, "the body is that of an open entry");
        return _log.Body.ToArray();
    }

    /// <summary>Takes back the open entry, with the messages that were added to it.</summary>
    public void Abandon()
    {
        InvariantViolation.Assert(_log.Entry is not null, "an entry is open that is taken back");
        var entry = _log.Entry!.Value;
        _log.Rows.RollbackTo(entry.FirstRow);
        _log.Tail = _log.Tail with { NextLsn = entry.FirstLsn };
        _log.Drop();
    }

    /// <summary>Closes the open entry.</summary>
    public void Close(in EntryHeader header)
    {
        InvariantViolation.Assert(
            _log.Entry is { } entry && header.Op == _log.Tail.NextOp && header.ParentChecksum == _log.Tail.ParentChecksum && header.FirstLsn == entry.FirstLsn
                && header.MessageCount == (uint)entry.MessageCount && header.BodyBytes == _log.Body.Length && header.TimestampMilliseconds == entry.TimestampMilliseconds,
            "an entry is closed with the header that was made of it");
        _log.Close(header);
        _tails.Add(_log.Tail);
    }

    /// <summary>Appends an entry that was made elsewhere, or that has no messages.</summary>
    /// <returns>Why it does not fit; then nothing is changed.</returns>
    public EntryFault Append(in EntryHeader header, ReadOnlySpan<byte> body)
    {
        InvariantViolation.Assert(_log.Entry is null, "the entry before is closed");
        var fault = _admission.Check(header, body, _log.Tail);
        if (fault != EntryFault.None)
        {
            return fault;
        }

        MakeRoom(body.Length, (int)header.MessageCount);
        _log.Open(header.TimestampMilliseconds);
        var place = _log.Batch.Length;
        body.CopyTo(_log.Batch.Extend(body.Length));
        foreach (var frame in new FrameEnumerator(body[..header.FrameBytes]))
        {
            _log.AddRow(place);
            place += frame.Bytes.Length;
        }

        _log.Close(header);
        _tails.Add(_log.Tail);
        return EntryFault.None;
    }

    /// <summary>Takes back all entries behind an op, and what cannot be read behind the end. Readers see nothing of them at once; the disk follows.</summary>
    /// <param name="op">At least the last op that was named to <see cref="CommitTo"/>, at most <see cref="LastOp"/>.</param>
    public void TruncateAfter(ulong op) => Truncate(op, isChange: true);

    /// <summary>Puts a damaged entry that is committed back into its place. The disk does it in its turn, and the index is healed then; there is no change of the log.</summary>
    /// <returns>Why it is not the entry that was there; then nothing is done.</returns>
    /// <exception cref="DymesException">Its place is damaged in the index, which is being made again: <see cref="IndexesHealed"/>.</exception>
    public EntryFault Rewrite(in EntryHeader header, ReadOnlySpan<byte> body)
    {
        InvariantViolation.Assert(_log.Entry is null && header.Op <= LastOp, "an entry is put back into its place in the log");
        var fault = EntryAdmission.CheckContent(header, body);
        if (fault != EntryFault.None)
        {
            return fault;
        }

        if (_chain.PlaceOf(header, _log.Tail) is not { } place)
        {
            return EntryFault.NotNext;
        }

        var (segment, op) = (_segments.OfOp(header.Op), header.Op);
        _log.Queue(new EntryRewrite(segment, place, EntryRewrite.Join(header, body)) { Heal = () => _repair.OnRewritten(segment, op) });
        return EntryFault.None;
    }

    /// <summary>Everything up to this op is committed: it will not be taken back, and segments may be sealed.</summary>
    public void CommitTo(ulong op)
    {
        _tails.CommitTo(op);
        _sealing.CommitTo(_tails.CommittedOp);
    }

    private void MakeRoom(int bytes, int messages)
    {
        InvariantViolation.Assert(_log.Entry is null && bytes <= EntryLimits.BodyBytesMax, "one entry is open at a time, and has at most 4 MiB");
        if (_log.HasUnreadableTail)
        {
            Truncate(LastOp, isChange: false);
        }

        if (!_log.SegmentHasRoom(bytes, messages))
        {
            _log.QueueBatch();
            _log.Roll();
        }
        else if (!_log.BatchHasRoom(bytes))
        {
            _log.QueueBatch();
        }

        _log.StartBatch();
    }

    private void Truncate(ulong op, bool isChange)
    {
        InvariantViolation.Assert(_log.Entry is null, "no entry is open when the log is cut");
        var tail = _tails.CutAfter(op);
        var segment = _segments.OfOp(tail.NextOp);
        var gone = _segments.CutTo((int)segment.Number);
        _sealing.Withdraw(segment, gone);
        _log.CutTo(segment, (int)(tail.NextOp - segment.Header.FirstOp), tail, gone, isChange);
    }
}
