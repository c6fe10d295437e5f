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
    private readonly GatheringLog _log;
    private readonly LogAppender _appender;
    private readonly LogFiles _files;
    private readonly ILogObserver _observer;
    private readonly Thread _thread;
    private DiskWork? _handed;
    private volatile bool _isIdle;
    private volatile bool _isStopping;

    public DiskThread(object gate, GatheringLog log, LogAppender appender, LogFiles files, ILogObserver observer)
    {
        _gate = gate;
        _log = log;
        _appender = appender;
        _files = files;
        _observer = observer;
        _thread = new Thread(Run) { Name = "dymes disk", IsBackground = true };
    }

    /// <summary>Whether a write or flush failed.</summary>
    public bool HasFailed { get; private set; }

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
        if (!_isIdle || !_log.HasWork)
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

        var work = _appender.Take(); // its checksum takes a while
        lock (_wake)
        {
            _handed = work;
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
            while (NextWork() is { } work)
            {
                Do(work);
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

    private DiskWork? NextWork()
    {
        while (true)
        {
            var isLast = _isStopping;
            _isIdle = true;
            Interlocked.MemoryBarrier(); // from here on, who makes something wait sees an idle thread, or was seen by it
            if ((TakeHanded() ?? Gather(isLast)) is { } work)
            {
                return work;
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
    private DiskWork? Gather(bool waits)
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
            var work = _appender.Take();
            if (work is not null)
            {
                _isIdle = false; // before the gate is left: what gathers from here on waits
            }

            return work;
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    private DiskWork? TakeHanded()
    {
        lock (_wake)
        {
            if (_handed is not { } work)
            {
                return null;
            }

            _handed = null;
            _isIdle = false;
            return work;
        }
    }

    private void Do(DiskWork work)
    {
        var started = TimeProvider.System.GetTimestamp();
        var bytes = (work as PendingBatch)?.Length ?? 0;
        switch (work)
        {
            case PendingBatch batch:
                _files.Write(batch);
                break;
            case LogCut cut:
                _files.Cut(cut);
                break;
            case EntryRewrite rewrite:
                _files.Rewrite(rewrite);
                lock (_gate)
                {
                    rewrite.Heal();
                }

                break;
        }

        var done = new DurableWrite(work.Write, work.LastOp, work.EndLsn, bytes, TimeProvider.System.GetElapsedTime(started));
        _log.Recycle(work as PendingBatch);
        _observer.OnDurable(done);
    }
}
