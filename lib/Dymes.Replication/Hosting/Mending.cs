using System.Collections.Concurrent;
using Dymes.Common;
using Dymes.MessageStore;

namespace Dymes.Replication.Hosting;

/// <summary>Tells the replica of damage that somebody has met, and that one when the entry is whole again.</summary>
/// <param name="store">Knows which entry holds a message.</param>
/// <param name="inbox">The replica's.</param>
/// <param name="patience">How long a reader waits.</param>
/// <param name="clock">Measures it.</param>
internal sealed class Mending(SegmentStore store, Inbox inbox, TimeSpan patience, TimeProvider clock)
{
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource> _waiting = new();
    private long _mended;

    /// <summary>How many entries were put back into their places.</summary>
    public long Mended => Volatile.Read(ref _mended);

    /// <summary>An entry is damaged; nobody waits for it.</summary>
    public void Report(ulong op) => inbox.Add(new Input(InputKind.Damaged, op));

    /// <summary>A message cannot be read; nobody waits for it. Which entry holds it is looked up elsewhere: that may read files.</summary>
    public void Report(Lsn lsn) => ThreadPool.UnsafeQueueUserWorkItem(_ => TryReport(lsn), null);

    /// <summary>A message cannot be read. True when its entry is whole again, false when that takes too long.</summary>
    public async Task<bool> MendAsync(Lsn lsn, CancellationToken cancellationToken)
    {
        var op = store.OpOf(lsn);
        var mended = _waiting.GetOrAdd(op, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Report(op);
        try
        {
            await mended.Task.WaitAsync(patience, clock, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>An entry is back in its place.</summary>
    public void OnMended(ulong op)
    {
        Interlocked.Increment(ref _mended);
        if (_waiting.TryRemove(op, out var mended))
        {
            mended.SetResult();
        }
    }

    private void TryReport(Lsn lsn)
    {
        try
        {
            Report(store.OpOf(lsn));
        }
        catch (Exception error) when (error is IOException or DymesException or ObjectDisposedException)
        {
            // the place of the entry is damaged too: the index is made again by now, and who asks again reports the message again
        }
    }
}
