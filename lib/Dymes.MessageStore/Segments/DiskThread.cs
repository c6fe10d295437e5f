namespace Dymes.MessageStore.Segments;

/// <summary>
/// The one thread that writes: it takes what has gathered, writes and flushes it, and takes again, so that one flush follows the other while the next batch gathers. After
/// a failed write or flush it ends: what the page cache says then cannot be trusted (fsync-gate).
/// </summary>
internal sealed class DiskThread
{
    private readonly object _gate;
    private readonly LogAppender _appender;
    private readonly BatchWriter _writer;
    private readonly Action<Segment> _createFile;
    private readonly Action<Segment, long> _seal;
    private readonly ILogObserver _observer;
    private readonly Thread _thread;
    private Segment _segment;
    private long _durableOffset;
    private bool _isAwaited;
    private bool _isStopping;

    public DiskThread(
        object gate, LogAppender appender, BatchWriter writer, (Segment Segment, long Offset) durable, Action<Segment> createFile, Action<Segment, long> seal, ILogObserver observer)
    {
        _gate = gate;
        _appender = appender;
        _writer = writer;
        _segment = durable.Segment;
        _durableOffset = durable.Offset;
        _createFile = createFile;
        _seal = seal;
        _observer = observer;
        _thread = new Thread(Run) { Name = "dymes disk", IsBackground = true };
    }

    /// <summary>Whether a write or flush failed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Where the durable batches of the newest segment end.</summary>
    public (Segment Segment, long Offset) Durable => (_segment, _durableOffset);

    public void Start() => _thread.Start();

    /// <summary>Waits, with the gate held, until a batch was written or the thread failed.</summary>
    public void WaitForBatchWritten()
    {
        _isAwaited = true;
        Monitor.PulseAll(_gate);
        while (_isAwaited && !HasFailed)
        {
            Monitor.Wait(_gate);
        }
    }

    /// <summary>Writes what is still gathered, then ends the thread.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }

        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            return;
        }

        _thread.Join();
    }

    private void Run()
    {
        try
        {
            while (WaitForBatch() is { } batch)
            {
                Write(batch);
            }
        }
        catch (Exception error)
        {
            lock (_gate)
            {
                HasFailed = true;
                Monitor.PulseAll(_gate);
            }

            _observer.OnFailed(error);
        }
    }

    private PendingBatch? WaitForBatch()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_appender.Take() is { } batch)
                {
                    return batch;
                }

                if (_isStopping)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }
        }
    }

    private void Write(PendingBatch batch)
    {
        if (batch.Segment != _segment)
        {
            _seal(_segment, _durableOffset);
            _segment = batch.Segment!;
        }

        if (!_segment.HasFile)
        {
            _createFile(_segment);
        }

        var started = TimeProvider.System.GetTimestamp();
        _writer.Write(batch);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        var (end, bytes) = (batch.EndLsn, batch.Length);
        _durableOffset = batch.Offset + batch.Length;
        _observer.OnDurable(end, bytes, elapsed);
        lock (_gate)
        {
            _appender.Recycle(batch);
            if (_isAwaited)
            {
                _isAwaited = false;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
