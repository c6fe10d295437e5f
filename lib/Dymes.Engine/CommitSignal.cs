using Dymes.Common;

namespace Dymes.Engine;

/// <summary>The end of what is committed, and a way to wait until it moves. One writer, any number of readers.</summary>
internal sealed class CommitSignal(Lsn end)
{
    private ulong _end = end.Value;
    private TaskCompletionSource? _moved;

    public Lsn End => new(Volatile.Read(ref _end));

    public void MoveTo(Lsn end)
    {
        Volatile.Write(ref _end, end.Value);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _moved) is not null)
        {
            Interlocked.Exchange(ref _moved, null)?.TrySetResult();
        }
    }

    public async ValueTask<Lsn> WaitBeyondAsync(Lsn end, CancellationToken cancellationToken)
    {
        while (End <= end)
        {
            var moved = Volatile.Read(ref _moved);
            if (moved is null)
            {
                var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                moved = Interlocked.CompareExchange(ref _moved, mine, null) ?? mine;
            }

            // Whoever moved the end before seeing this waiter is seen here.
            if (End <= end)
            {
                await moved.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return End;
    }
}
