using System.Collections.Concurrent;
using Dymes.Common;

namespace Dymes.Replication.Hosting;

/// <summary>Reads that wait for the primary's word that they will see everything acknowledged before them.</summary>
internal sealed class ReadPromises(Inbox inbox)
{
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource> _waiting = new();
    private ulong _number;
    private volatile bool _isClosed;

    /// <summary>Ends when this node's readers see everything that was acknowledged anywhere before the call.</summary>
    public Task AskAsync()
    {
        var promise = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var number = Interlocked.Increment(ref _number);
        _waiting[number] = promise;
        if (_isClosed)
        {
            Refuse(number);
        }
        else
        {
            inbox.Add(new Input(InputKind.Read, number));
        }

        return promise.Task;
    }

    public void Serve(ulong number)
    {
        if (_waiting.TryRemove(number, out var promise))
        {
            promise.SetResult();
        }
    }

    public void Refuse(ulong number)
    {
        if (_waiting.TryRemove(number, out var promise))
        {
            promise.SetException(new DymesException(ErrorCode.NotReady, "The group has no primary that answers, so the read cannot be confirmed. Ask again later, or for consistency session or stale."));
        }
    }

    public void RefuseAll()
    {
        _isClosed = true;
        foreach (var number in _waiting.Keys)
        {
            Refuse(number);
        }
    }
}
