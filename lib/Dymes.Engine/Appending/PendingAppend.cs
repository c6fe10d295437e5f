using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Engine.Appending;

/// <summary>A request on its way through the engine, and the promise of its answer. Reused, so that an append allocates little more than its receipts.</summary>
internal sealed class PendingAppend : IValueTaskSource<AppendResult>
{
    private const int PooledMax = 1024;
    private static readonly ConcurrentQueue<PendingAppend> Pool = [];
    private static int Pooled;
    private ManualResetValueTaskSourceCore<AppendResult> _core = new() { RunContinuationsAsynchronously = false };

    public AppendRequest Request { get; private set; } = null!;

    public AppendResult? Result { get; set; }

    public Exception? Error { get; set; }

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

    /// <summary>Gives the answer; the caller goes on within.</summary>
    public void Answer()
    {
        if (Error is { } error)
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
        Error = null;
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
