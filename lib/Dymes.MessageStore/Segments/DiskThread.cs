namespace Dymes.MessageStore.Segments;

/// <summary>
/// The one thread that writes: it takes what has gathered, writes and flushes it, and takes again, so that one flush follows the other while the next batch gathers. When it has nothing to
/// write it asks for what waits, so that a lone message meets no other thread on its way; whoever else adds messages hands them over when it is idle. After a failed write or flush it
/// ends: what the page cache says then cannot be trusted (fsync-gate).
/// </summary>
internal sealed class DiskThread
{
    private readonly object _gate;
    private readonly object _wake = new();
    private readonly LogAppender _appender;
    private readonly BatchWriter _writer;
    private readonly Action<Segment> _createFile;
    private readonly Action<Segment, long> _seal;
    private readonly ILogObserver _observer;
    private readonly Thread _thread;
    private Segment _segment;
    private long _durableOffset;
    private PendingBatch? _handed;
    private volatile bool _isIdle;
    private volatile bool _isStopping;

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

    /// <summary>Lets the thread ask for what waits, if it is idle. Whoever makes something wait calls this afterwards.</summary>
    public bool Wake()
    {
        if (!_isIdle)
        {
            return false;
        }

        lock (_wake)
        {
            _isIdle = false;
            Monitor.Pulse(_wake);
        }

        return true;
    }

    /// <summary>Hands over what has gathered, if the thread is idle. With the gate held.</summary>
    public void Offer()
    {
        if (!_isIdle || !_appender.HasGathered)
        {
            return;
        }

        lock (_wake)
        {
            if (!_isIdle || _handed is not null)
            {
                return;
            }

            _isIdle = false;
        }

        var batch = _appender.Take(); // its checksum takes a while
        lock (_wake)
        {
            _handed = batch;
            Monitor.Pulse(_wake);
        }
    }

    /// <summary>Writes what is still gathered, then ends the thread.</summary>
    public void Stop()
    {
        lock (_wake)
        {
            _isStopping = true;
            Monitor.Pulse(_wake);
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
            while (NextBatch() is { } batch)
            {
                Write(batch);
            }
        }
        catch (Exception error)
        {
            lock (_gate)
            {
                HasFailed = true;
            }

            _observer.OnFailed(error);
        }
    }

    private PendingBatch? NextBatch()
    {
        while (true)
        {
            var isLast = _isStopping;
            _isIdle = true;
            Interlocked.MemoryBarrier(); // from here on, who makes something wait sees an idle thread, or was seen by it
            if ((TakeHanded() ?? Gather(isLast)) is { } batch)
            {
                return batch;
            }

            if (isLast)
            {
                return null;
            }

            lock (_wake)
            {
                while (_isIdle && _handed is null && !_isStopping)
                {
                    Monitor.Wait(_wake);
                }
            }
        }
    }

    // While another holds the gate there is nothing to take: that one offers what it gathers.
    private PendingBatch? Gather(bool waits)
    {
        if (!Monitor.TryEnter(_gate, waits ? Timeout.Infinite : 0))
        {
            return null;
        }

        try
        {
            if (TakeHanded() is { } handed)
            {
                return handed;
            }

            _observer.OnIdle();
            var batch = _appender.Take();
            if (batch is not null)
            {
                _isIdle = false; // before the gate is left: what gathers from here on waits
            }

            return batch;
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    private PendingBatch? TakeHanded()
    {
        lock (_wake)
        {
            if (_handed is not { } batch)
            {
                return null;
            }

            _handed = null;
            _isIdle = false;
            return batch;
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
        _appender.Recycle(batch);
        _observer.OnDurable(end, bytes, elapsed);
    }
}
