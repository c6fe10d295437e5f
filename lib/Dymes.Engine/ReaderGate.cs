using Dymes.Common;

namespace Dymes.Engine;

/// <summary>Counts readers, so that files are not closed below them.</summary>
internal sealed class ReaderGate
{
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _readers = 1; // the engine itself, until it closes
    private int _isClosed;

    /// <summary>Enters; dispose the answer to leave.</summary>
    /// <exception cref="DymesException">The engine is closed.</exception>
    public Lease Enter()
    {
        Interlocked.Increment(ref _readers);
        if (Volatile.Read(ref _isClosed) == 0)
        {
            return new Lease(this);
        }

        Leave();
        throw new DymesException(ErrorCode.NotReady, "The node is stopping. Ask another node, or again later.");
    }

    /// <summary>Lets nobody in any more; the task ends when the last reader has left.</summary>
    public Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            Leave();
        }

        return _empty.Task;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _readers) == 0)
        {
            _empty.TrySetResult();
        }
    }

    /// <summary>The right to read.</summary>
    public readonly struct Lease(ReaderGate gate) : IDisposable
    {
        public void Dispose() => gate.Leave();
    }
}
