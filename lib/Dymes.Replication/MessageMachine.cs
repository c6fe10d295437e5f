using System.Security.Cryptography;
using Dymes.Common;
using Dymes.Engine;
using Dymes.Engine.Appending;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.MessageStore;
using Dymes.Replication.Requests;
using Dymes.Vsr;
using Dymes.Vsr.Sessions;
using Microsoft.Extensions.Logging;

namespace Dymes.Replication;

/// <summary>
/// What the group's log is for: messages in a segment store. The primary decides each request as an engine on its own does; whatever is appended is in the store's index at once, and
/// readers see it when it is committed. Owned by the replica's thread, with the store's gate held.
/// </summary>
internal sealed class MessageMachine : IStateMachine, IDisposable
{
    private readonly SegmentStore _store;
    private readonly LogReader _reader;
    private readonly ILogger _logger;
    private readonly int _keysMax;
    private readonly IdempotencyWindow _window;
    private readonly StoredContent _content;
    private readonly RequestSequencer _sequencer;
    private readonly Dictionary<ulong, byte[]> _answers = []; // by op: of what was prepared here and is not committed
    private readonly List<AppendReceipt> _receipts = [];
    private bool _isPrepared;
    private bool _hasAllKeys;

    public MessageMachine(SegmentStore store, LogReader reader, int idempotencyKeysMax, ILogger logger)
    {
        _store = store;
        _reader = reader;
        _logger = logger;
        _keysMax = idempotencyKeysMax;
        _window = new IdempotencyWindow(idempotencyKeysMax);
        _content = new StoredContent(store.Appender);
        _sequencer = new RequestSequencer(store, new MessageIdSequence(entropy => RandomNumberGenerator.Fill(entropy)), _window, _content, () => Lsn.First);
    }

    /// <summary>Told of damaged messages that a request was to be compared with.</summary>
    public Action<Lsn>? OnDamaged { get; init; }

    /// <summary>This replica is the primary from now on.</summary>
    public void Lead() => TryLearnKeys();

    /// <summary>This replica is the primary no more.</summary>
    public void Follow() => _answers.Clear();

    /// <inheritdoc/>
    public PreparedEntry? Prepare(ClientRequest request, EntryStamp stamp)
    {
        if (!_hasAllKeys && !TryLearnKeys())
        {
            return null;
        }

        var appends = RequestBatch.TryRead(request.Body) ?? [];
        _store.Replica.Open(RoomFor(appends), appends.Sum(append => append.Count), stamp.TimestampMilliseconds);
        if (!TryRun(appends))
        {
            _store.Replica.Abandon();
            _hasAllKeys = false; // those of the appends before are not in the log
            return null;
        }

        var receipts = _receipts.ToArray();
        var count = (uint)(_store.Appender.NextLsn.Value - stamp.FirstLsn.Value);
        var answer = count == 0 ? ReceiptList.Write(receipts) : ReceiptList.WriteRefusals(receipts);
        _store.Replica.AddAnswer(answer);
        _answers[stamp.Op] = ReceiptList.Write(receipts);
        _isPrepared = true;
        return new PreparedEntry(count == 0 ? EntryKind.Answer : EntryKind.Messages, _store.Replica.CopyBody(), count, count == 0 ? 0 : (uint)answer.Length);
    }

    /// <inheritdoc/>
    public void Accept(LogEntry entry)
    {
        if (_isPrepared)
        {
            _isPrepared = false;
            _store.Replica.Close(entry.Header);
        }
        else
        {
            var fault = _store.Replica.Append(entry.Header, entry.Body.Span);
            InvariantViolation.Assert(fault == EntryFault.None, "what a primary prepared fits into the log");
        }
    }

    /// <inheritdoc/>
    public void Commit(LogEntry entry)
    {
        _store.Replica.CommitTo(entry.Op);
        _reader.MoveTo(entry.EndLsn);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Reply(LogEntry entry)
    {
        if (_answers.Remove(entry.Op, out var answer))
        {
            return answer;
        }

        try
        {
            return Derive(entry);
        }
        catch (DymesException error) when (error.Code == ErrorCode.StorageDamaged)
        {
            Tell(error);
            return null;
        }
    }

    /// <inheritdoc/>
    public void RollBackTo(ulong op)
    {
        _answers.Clear();
        _store.Replica.TruncateAfter(op);
    }

    public void Dispose() => _content.Dispose();

    private bool TryLearnKeys()
    {
        try
        {
            _window.Reset(_store.NewestIdempotencyKeys(_keysMax).Reverse());
            _hasAllKeys = _store.Replica.IsIndexComplete;
            return true;
        }
        catch (DymesException error) when (error.Code == ErrorCode.StorageDamaged)
        {
            Tell(error);
            _hasAllKeys = false;
            return false;
        }
    }

    // False where what a request must be compared with is damaged: no refusal that stays in the log follows from that.
    private bool TryRun(IReadOnlyList<AppendRequest> appends)
    {
        _receipts.Clear();
        try
        {
            foreach (var append in appends)
            {
                _receipts.AddRange(Run(append));
            }

            return true;
        }
        catch (DymesException error) when (error.Code == ErrorCode.StorageDamaged)
        {
            Tell(error);
            return false;
        }
    }

    private void Tell(DymesException damage)
    {
        _logger.LogWarning("A request waits: {Reason}", damage.Message);
        if (damage.Lsn is { } lsn)
        {
            OnDamaged?.Invoke(lsn);
        }
    }

    // A request that makes the sequencer fail must not make the next primary fail too.
    private IEnumerable<AppendReceipt> Run(AppendRequest append)
    {
        try
        {
            append.Validate();
            return _sequencer.Run(append).Receipts;
        }
        catch (Exception error) when (error is not (InvariantViolation or DymesException { Code: ErrorCode.StorageDamaged }))
        {
            _logger.LogError(error, "A request of {Count} messages cannot be carried out; it is refused.", append.Count);
            return Enumerable.Repeat(new AppendReceipt(AppendOutcome.Aborted, MessageId.None, default, 0), append.Count);
        }
    }

    // The frames, and what a refusal of some of them takes: never more than the frames that it spares, but where it spares all.
    private static int RoomFor(IReadOnlyList<AppendRequest> appends) =>
        Math.Min(EntryLimits.BodyBytesMax, appends.Sum(append => append.Frames.Length) + ReceiptList.BytesMax(appends.Sum(append => append.Count)));

    private byte[] Derive(LogEntry entry)
    {
        var appended = new AppendReceipt[entry.Header.MessageCount];
        var next = 0;
        foreach (var frame in new FrameEnumerator(entry.Frames.Span))
        {
            var segment = _store.SegmentOf(frame.Lsn);
            appended[next++] = new AppendReceipt(AppendOutcome.Appended, frame.Id, frame.Lsn, RequestSequencer.VersionAt(frame.Channel, segment, segment.RowOf(frame.Lsn)));
        }

        var answer = entry.Answer.Span;
        return ReceiptList.Write(answer.IsEmpty ? appended : ReceiptList.TryRead(answer, appended));
    }
}
