using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Engine.Appending;

/// <summary>A request on its way through the engine, and the promise of its answer. Reused, so that an append allocates little more than its receipts.</summary>
internal sealed class PendingAppend : IValueTaskSource<AppendResult>, IThreadPoolWorkItem
{
    private const int PooledMax = 1024;
    private static readonly ConcurrentQueue<PendingAppend> Pool = [];
    private static int Pooled;
    private ManualResetValueTaskSourceCore<AppendResult> _core = new() { RunContinuationsAsynchronously = false };
    private Exception? _error;

    public AppendRequest Request { get; private set; } = null!;

    public AppendResult? Result { get; set; }

    /// <summary>The answer is given when everything below this is durable.</summary>
    public Lsn End { get; set; }

    public long ArrivedAt { get; private set; }

    public ValueTask<AppendResult> Task => new(this, _core.Version);

    public static PendingAppend Rent(AppendRequest request, long arrivedAt)
    {
        if (Pool.TryDequeue(out var pending))
        {
            Interlocked.Decrement(ref Pooled);
        }

        pending ??= new PendingAppend();
        pending.Request = request;
        pending.ArrivedAt = arrivedAt;
        return pending;
    }

    /// <summary>Gives the answer, on a thread of the pool: what follows is the caller's business, not the disk's.</summary>
    public void Complete() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    public void Fail(Exception error)
    {
        _error = error;
        Complete();
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_error is { } error)
        {
            _core.SetException(error);
        }
        else
        {
            _core.SetResult(Result!);
        }
    }

    AppendResult IValueTaskSource<AppendResult>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Reset();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<AppendResult>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<AppendResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Reset()
    {
        _core.Reset();
        _error = null;
        Result = null;
        Request = null!;
        if (Interlocked.Increment(ref Pooled) <= PooledMax)
        {
            Pool.Enqueue(this);
        }
        else
        {
            Interlocked.Decrement(ref Pooled);
        }
    }
}
