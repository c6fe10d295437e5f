using System.Collections.Concurrent;
using Dymes.Common;

namespace Dymes.Replication.Hosting;

/// <summary>
/// Reads that wait for the primary's word that they will see everything acknowledged before them. A primary that hands over gives no word; the next one does, so a read is asked again
/// until its patience is at its end.
/// </summary>
/// <param name="inbox">The way to the replica.</param>
/// <param name="time">The host's clock.</param>
/// <param name="patienceMilliseconds">How long a read waits for a primary; longer than a view change.</param>
internal sealed class ReadPromises(Inbox inbox, HostTime time, ulong patienceMilliseconds)
{
    private readonly ConcurrentDictionary<ulong, WaitingRead> _waiting = new();
    private readonly List<WaitingRead> _again = [];
    private ulong _number;
    private volatile bool _isClosed;

    /// <summary>Ends when this node's readers see everything that was acknowledged anywhere before the call. Any thread may call.</summary>
    public Task AskAsync()
    {
        var read = new WaitingRead(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), time.Milliseconds + patienceMilliseconds);
        Ask(read);
        return read.Promise.Task;
    }

    /// <summary>The word is there.</summary>
    public void Serve(ulong number)
    {
        if (_waiting.TryRemove(number, out var read))
        {
            read.Promise.SetResult();
        }
    }

    /// <summary>There was no word: the read is asked again at the next tick, unless it has waited long enough.</summary>
    public void Refuse(ulong number)
    {
        if (!_waiting.TryRemove(number, out var read))
        {
            return;
        }

        if (time.Milliseconds < read.GiveUpAt)
        {
            _again.Add(read);
        }
        else
        {
            Fail(read);
        }
    }

    /// <summary>Time passes.</summary>
    public void Tick()
    {
        foreach (var read in _again)
        {
            Ask(read);
        }

        _again.Clear();
    }

    /// <summary>No read is confirmed from here on.</summary>
    public void RefuseAll()
    {
        _isClosed = true;
        _again.ForEach(Fail);
        _again.Clear();
        foreach (var number in _waiting.Keys)
        {
            FailIfWaiting(number);
        }
    }

    private void Ask(WaitingRead read)
    {
        var number = Interlocked.Increment(ref _number);
        _waiting[number] = read;
        if (_isClosed)
        {
            FailIfWaiting(number);
        }
        else
        {
            inbox.Add(new Input(InputKind.Read, number));
        }
    }

    private void FailIfWaiting(ulong number)
    {
        if (_waiting.TryRemove(number, out var read))
        {
            Fail(read);
        }
    }

    private static void Fail(WaitingRead read) => read.Promise.SetException(
        new DymesException(ErrorCode.NotReady, "The group has no primary that answers, so the read cannot be confirmed. Ask again later, or for consistency session or stale."));

    private sealed record WaitingRead(TaskCompletionSource Promise, ulong GiveUpAt);
}
