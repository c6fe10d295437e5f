using System.Collections.Concurrent;
using Dymes.Common;
using Dymes.Message.Log;
using Dymes.MessageStore;

namespace Dymes.Engine.Appending;

/// <summary>
/// Puts the requests that wait in order. Two threads do it, one at a time with the store's gate held: the disk's when it is free, so that a lone request meets one thread and load makes
/// larger batches; and one of its own while the disk is busy and much waits, so that the next batch gathers meanwhile.
/// </summary>
internal sealed class Sequencer
{
    // So much waits or has gathered that it is worth a thread, and a write of its own.
    private const int MuchBytes = 256 << 10;
    private readonly SegmentStore _store;
    private readonly RequestSequencer _requests;
    private readonly EngineOptions _options;
    private readonly EngineMeter _meter;
    private readonly TimeProvider _clock;
    private readonly AppendQueue _queue;
    private readonly AppendAnswers _answers;
    private readonly ConcurrentQueue<PendingAppend> _awaitingDisk = new();
    private readonly AutoResetEvent _isNeeded = new(initialState: false);
    private readonly Thread _thread;
    private volatile bool _isBusy;
    private volatile bool _isStopping;
    private volatile bool _isStopped;
    private volatile bool _isDiskFull;
    private volatile Exception? _failure;

    public Sequencer(SegmentStore store, RequestSequencer requests, EngineOptions options, EngineMeter meter, TimeProvider clock)
    {
        _store = store;
        _requests = requests;
        _options = options;
        _meter = meter;
        _clock = clock;
        _queue = new AppendQueue(options);
        _answers = new AppendAnswers(meter, clock);
        _thread = new Thread(Run) { Name = "dymes sequencer", IsBackground = true };
    }

    public int QueuedRequests => _queue.Requests;

    public (LogCondition Condition, string? Detail) Condition => this switch
    {
        { _failure: { } failure } => (LogCondition.Failed, failure.Message),
        { _isStopping: true } => (LogCondition.NotReady, "The node is stopping."),
        { _isDiskFull: true } => (LogCondition.DiskFull, FullMessage),
        _ => (LogCondition.Ready, null),
    };

    private string FullMessage =>
        $"Less than {_options.Store.ReserveBytes >> 20} MiB are free below {_options.Store.Directory}: appends are refused, reads go on. Free some space; nothing needs a restart.";

    public void Start() => _thread.Start();

    public ValueTask<AppendResult> Enqueue(AppendRequest request)
    {
        if (_isStopping)
        {
            throw Closed();
        }

        RefuseIfFailed();
        var task = Add(request);
        var isTaken = _store.WakeDisk();
        if ((!isTaken && !_isBusy && _queue.Bytes >= MuchBytes) || _failure is not null || _isStopping)
        {
            _isNeeded.Set();
        }

        if (_isStopped)
        {
            RefuseWaiting();
        }

        return task;
    }

    /// <summary>Carries out what is queued, and refuses the rest.</summary>
    public void Stop()
    {
        _isStopping = true;
        _isNeeded.Set();
        _thread.Join();
        _isStopped = true;
        RefuseWaiting();
    }

    /// <summary>Puts some of what waits in order. With the gate held, on the disk's thread.</summary>
    public void OnDiskIdle()
    {
        while (_store.Appender.GatheredBytes < MuchBytes && TrySequenceNext())
        {
        }

        if (_queue.Bytes >= MuchBytes && !_isBusy)
        {
            _isNeeded.Set();
        }
    }

    public void OnDurable(Lsn end)
    {
        while (_awaitingDisk.TryPeek(out var pending) && pending.End <= end)
        {
            _awaitingDisk.TryDequeue(out _);
            _answers.Add(pending);
        }

        _answers.Give();
        if (_isStopping)
        {
            _isNeeded.Set();
        }
    }

    public void OnFailed(Exception error)
    {
        _failure = error;
        while (_awaitingDisk.TryDequeue(out var pending))
        {
            Refuse(pending, new DymesException(
                ErrorCode.OutcomeUnknown, "The storage failed while the message was being written; it may or may not be found after a restart. Ask again with its id or idempotency key.", error));
        }

        _answers.Give();
        _isNeeded.Set();
    }

    private void Run()
    {
        while (!_isStopping || !_queue.IsEmpty)
        {
            _isNeeded.WaitOne();
            _isBusy = true;
            lock (_store.Gate)
            {
                while (TrySequenceNext())
                {
                    if (_store.Appender.GatheredBytes >= MuchBytes)
                    {
                        _store.OfferToDisk();
                    }
                }
            }

            _isBusy = false;
            _store.WakeDisk();
        }
    }

    // False where nothing waits, or what waits must wait for the disk.
    private bool TrySequenceNext()
    {
        if (!_queue.TryPeek(out var pending))
        {
            _answers.Give();
            return false;
        }

        try
        {
            RefuseIfFailed();
            if (_store.HasFailed)
            {
                throw Failed(); // seen under the gate, before the failure has been told
            }

            _isDiskFull = !_store.HasRoom(pending.Request.Frames.Length);
            if (_isDiskFull)
            {
                throw new DymesException(ErrorCode.DiskFull, FullMessage);
            }

            pending.Result = _requests.TryRun(pending.Request, out var end);
            pending.End = end;
            if (pending.Result is null)
            {
                _answers.Give();
                return false;
            }
        }
        catch (Exception error)
        {
            pending.Error = error;
        }

        _queue.Take(pending);
        if (pending.Error is { } refusal)
        {
            Refuse(pending, refusal);
        }
        else if (pending.End == Lsn.First)
        {
            _answers.Add(pending);
        }
        else
        {
            _awaitingDisk.Enqueue(pending);
        }

        return true;
    }

    private ValueTask<AppendResult> Add(AppendRequest request)
    {
        try
        {
            return _queue.Add(request, _clock.GetTimestamp());
        }
        catch (DymesException error)
        {
            _meter.Refused(error);
            throw;
        }
    }

    // What came while the last was carried out.
    private void RefuseWaiting()
    {
        lock (_store.Gate)
        {
            while (_queue.TryPeek(out var late))
            {
                _queue.Take(late);
                Refuse(late, Closed());
            }
        }

        _answers.Give();
    }

    private void Refuse(PendingAppend pending, Exception error)
    {
        _meter.Refused(error);
        pending.Error = error;
        _answers.Add(pending);
    }

    private void RefuseIfFailed()
    {
        if (_failure is { } failure)
        {
            throw new DymesException(
                ErrorCode.StorageFailed, $"A write or flush failed ({failure.Message}); this node takes no more appends until it is restarted. Check the disk, then restart.", failure);
        }
    }

    private static DymesException Failed() =>
        new(ErrorCode.StorageFailed, "The storage failed; this node takes no more appends until it is restarted. See its log for the cause.");

    private static DymesException Closed() => new(ErrorCode.NotReady, "The node is stopping; the message was not appended. Send it to another node, or again later.");
}
