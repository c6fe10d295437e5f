using System.Collections.Concurrent;

namespace Dymes.Engine.Appending;

/// <summary>
/// Gives answers on threads of the pool: what follows an answer is its caller's business, not the disk's. One work item gives many answers, because waking a thread for each costs more
/// than most of them; and before it gives one it asks for another thread for the rest, so that a caller that blocks holds up nobody.
/// </summary>
internal sealed class AppendAnswers(EngineMeter meter, TimeProvider clock) : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<PendingAppend> _ready = new();
    private int _isRequested;

    public void Add(PendingAppend pending) => _ready.Enqueue(pending);

    /// <summary>Lets what was added be answered.</summary>
    public void Give()
    {
        if (!_ready.IsEmpty && Interlocked.Exchange(ref _isRequested, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        Volatile.Write(ref _isRequested, 0);
        Interlocked.MemoryBarrier();
        while (_ready.TryDequeue(out var pending))
        {
            Give();
            if (pending.Result is { } result)
            {
                meter.Appended(result, clock.GetElapsedTime(pending.ArrivedAt));
            }

            pending.Answer();
        }
    }
}
