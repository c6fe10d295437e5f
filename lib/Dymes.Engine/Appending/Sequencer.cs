using System.Collections.Concurrent;
using Dymes.Common;
using Dymes.Message.Log;
using Dymes.MessageStore;

namespace Dymes.Engine.Appending;

/// <summary>
/// The queue of requests and the one thread that puts them in order. While a flush is under way the next batch gathers, so load makes larger batches and a lone request
/// meets no delay. What waits is bounded: more is refused at once.
/// </summary>
internal sealed class Sequencer
{
    private const int RequestsPerTurn = 512;
    private readonly SegmentStore _store;
    private readonly RequestSequencer _requests;
    private readonly EngineOptions _options;
    private readonly EngineMeter _meter;
    private readonly TimeProvider _clock;
    private readonly ConcurrentQueue<PendingAppend> _queue = new();
    private readonly ConcurrentQueue<PendingAppend> _awaitingDisk = new();
    private readonly object _wake = new();
    private readonly Thread _thread;
    private long _queuedBytes;
    private int _queuedRequests;
    private volatile bool _isAsleep;
    private volatile bool _isStopping;
    private volatile bool _isDiskFull;
    private Exception? _failure;

    public Sequencer(SegmentStore store, RequestSequencer requests, EngineOptions options, EngineMeter meter, TimeProvider clock)
    {
        _store = store;
        _requests = requests;
        _options = options;
        _meter = meter;
        _clock = clock;
        _thread = new Thread(Run) { Name = "dymes sequencer", IsBackground = true };
    }

    public int QueuedRequests => Volatile.Read(ref _queuedRequests);

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
        var bytes = request.Frames.Length;
        RefuseUnlessOpen();
        var queuedBytes = Interlocked.Add(ref _queuedBytes, bytes);
        var queuedRequests = Interlocked.Increment(ref _queuedRequests);
        if (queuedBytes > _options.QueueBytesMax || queuedRequests > _options.QueueRequestsMax)
        {
            Leave(bytes);
            throw Overloaded();
        }

        var pending = PendingAppend.Rent(request, _clock.GetTimestamp());
        var task = pending.Task;
        _queue.Enqueue(pending); // a full fence: the sequencer sees the request, or this thread sees it asleep
        if (_isAsleep)
        {
            Wake();
        }

        return task;
    }

    /// <summary>Carries out what is queued, and refuses the rest.</summary>
    public void Stop()
    {
        _isStopping = true;
        Wake();
        _thread.Join();
    }

    public void OnDurable(Lsn end)
    {
        while (_awaitingDisk.TryPeek(out var pending) && pending.End <= end)
        {
            _awaitingDisk.TryDequeue(out _);
            Complete(pending);
        }
    }

    public void OnFailed(Exception error)
    {
        _failure = error;
        while (_awaitingDisk.TryDequeue(out var pending))
        {
            var unknown = new DymesException(
                ErrorCode.OutcomeUnknown, "The storage failed while the message was being written; it may or may not be found after a restart. Ask again with its id or idempotency key.", error);
            _meter.Refused(unknown);
            pending.Fail(unknown);
        }

        Wake();
    }

    private void Run()
    {
        while (WaitForRequests())
        {
            lock (_store.Gate)
            {
                for (var i = 0; i < RequestsPerTurn && _queue.TryDequeue(out var pending); i++)
                {
                    Sequence(pending);
                }

                Monitor.PulseAll(_store.Gate);
            }
        }

        while (_queue.TryDequeue(out var late))
        {
            late.Fail(Closed());
        }
    }

    private bool WaitForRequests()
    {
        if (!_queue.IsEmpty)
        {
            return true;
        }

        lock (_wake)
        {
            _isAsleep = true;
            Interlocked.MemoryBarrier();
            while (_queue.IsEmpty && !_isStopping)
            {
                Monitor.Wait(_wake);
            }

            _isAsleep = false;
        }

        return !_queue.IsEmpty;
    }

    private void Sequence(PendingAppend pending)
    {
        var request = pending.Request;
        Leave(request.Frames.Length);
        try
        {
            RefuseIfFailed();
            if (_store.HasFailed)
            {
                throw RequestSequencer.Failed(); // seen under the gate, before the failure has been told
            }

            _isDiskFull = !_store.HasRoom(request.Frames.Length);
            if (_isDiskFull)
            {
                throw new DymesException(ErrorCode.DiskFull, FullMessage);
            }

            pending.Result = _requests.Run(request, out var end);
            pending.End = end;
        }
        catch (Exception error)
        {
            _meter.Refused(error);
            pending.Fail(error);
            return;
        }

        if (pending.End == Lsn.First)
        {
            Complete(pending);
        }
        else
        {
            _awaitingDisk.Enqueue(pending);
        }
    }

    private void Complete(PendingAppend pending)
    {
        _meter.Appended(pending.Result!, _clock.GetElapsedTime(pending.ArrivedAt));
        pending.Complete();
    }

    private void Wake()
    {
        lock (_wake)
        {
            Monitor.PulseAll(_wake);
        }
    }

    private void RefuseUnlessOpen()
    {
        if (_isStopping)
        {
            throw Closed();
        }

        RefuseIfFailed();
    }

    private void RefuseIfFailed()
    {
        if (_failure is { } failure)
        {
            throw new DymesException(
                ErrorCode.StorageFailed, $"A write or flush failed ({failure.Message}); this node takes no more appends until it is restarted. Check the disk, then restart.", failure);
        }
    }

    private void Leave(int bytes)
    {
        Interlocked.Add(ref _queuedBytes, -bytes);
        Interlocked.Decrement(ref _queuedRequests);
    }

    private DymesException Overloaded()
    {
        var error = new DymesException(ErrorCode.Overloaded, "More appends wait than the queue takes; this one was not run. Send it again a little later.");
        _meter.Refused(error);
        return error;
    }

    private static DymesException Closed() => new(ErrorCode.NotReady, "The node is stopping; the message was not appended. Send it to another node, or again later.");
}
