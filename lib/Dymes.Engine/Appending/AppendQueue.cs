using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Engine.Appending;

/// <summary>The requests that wait, in their order. Any thread adds; whoever holds the store's gate takes. What waits is bounded: more is refused at once.</summary>
internal sealed class AppendQueue(EngineOptions options)
{
    private readonly ConcurrentQueue<PendingAppend> _waiting = new();
    private long _bytes;
    private int _requests;

    public bool IsEmpty => _waiting.IsEmpty;

    public int Requests => Volatile.Read(ref _requests);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Adds a request; a full fence.</summary>
    /// <exception cref="DymesException">Too much waits.</exception>
    public ValueTask<AppendResult> Add(AppendRequest request, long arrivedAt)
    {
        var length = request.Frames.Length;
        var bytes = Interlocked.Add(ref _bytes, length);
        var requests = Interlocked.Increment(ref _requests);
        if (bytes > options.QueueBytesMax || requests > options.QueueRequestsMax)
        {
            Leave(length);
            throw new DymesException(ErrorCode.Overloaded, "More appends wait than the queue takes; this one was not run. Send it again a little later.");
        }

        var pending = PendingAppend.Rent(request, arrivedAt);
        var task = pending.Task; // before it may be answered, and used again
        _waiting.Enqueue(pending);
        return task;
    }

    public bool TryPeek([MaybeNullWhen(false)] out PendingAppend pending) => _waiting.TryPeek(out pending);

    /// <summary>Takes the request that was peeked at.</summary>
    public void Take(PendingAppend peeked)
    {
        _waiting.TryDequeue(out var first);
        InvariantViolation.Assert(first == peeked, "one at a time takes from the queue");
        Leave(peeked.Request.Frames.Length);
    }

    private void Leave(int bytes)
    {
        Interlocked.Add(ref _bytes, -bytes);
        Interlocked.Decrement(ref _requests);
    }
}
