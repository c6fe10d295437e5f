using Dymes.Vsr;

namespace Dymes.Replication.Hosting;

/// <summary>Writes the hard state, on a thread of its own: it waits for no write of the log. Of several that wait the newest is written.</summary>
internal sealed class StateWriter : IDisposable
{
    private readonly Action<DurableState> _write;
    private readonly Inbox _inbox;
    private readonly Thread _thread;
    private readonly object _lock = new();
    private (ulong Generation, DurableState State)? _next;
    private bool _isStopping;

    /// <summary>Starts the thread.</summary>
    /// <param name="write">Writes and flushes.</param>
    /// <param name="inbox">Is told.</param>
    public StateWriter(Action<DurableState> write, Inbox inbox)
    {
        _write = write;
        _inbox = inbox;
        _thread = new Thread(Run) { Name = "dymes state", IsBackground = true };
        _thread.Start();
    }

    public void Write(ulong generation, DurableState state)
    {
        lock (_lock)
        {
            _next = (generation, state);
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Writes what waits, then ends the thread.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isStopping = true;
            Monitor.Pulse(_lock);
        }

        _thread.Join();
    }

    private void Run()
    {
        try
        {
            while (Take() is var (generation, state))
            {
                _write(state);
                _inbox.Add(new Input(InputKind.StateDurable, generation));
            }
        }
        catch (Exception error)
        {
            _inbox.Add(new Input(InputKind.DiskFailed, Subject: error));
        }
    }

    private (ulong Generation, DurableState State)? Take()
    {
        lock (_lock)
        {
            while (_next is null && !_isStopping)
            {
                Monitor.Wait(_lock);
            }

            var next = _next;
            _next = null;
            return next;
        }
    }
}
