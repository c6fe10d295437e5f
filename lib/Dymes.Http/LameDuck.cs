namespace Dymes.Http;

/// <summary>
/// A server that is about to stop takes no new connections, but still answers on those that it has for a moment, and each answer asks its client to leave the connection (RFC 9112, 9.6). A
/// request that meets a connection as it is closed is lost, and its client cannot tell whether it was carried out: who sends one after the other is spared that, who is idle nearly always.
/// </summary>
internal sealed class LameDuck
{
    private readonly TaskCompletionSource _allLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isLeaving;
    private int _open;

    /// <summary>How long it goes on at most. Whoever is busy has an answer by then; who is idle cannot be told.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Whether answers ask their clients to leave.</summary>
    public bool IsLeaving => _isLeaving;

    /// <summary>A connection came.</summary>
    public void Opened() => Interlocked.Increment(ref _open);

    /// <summary>A connection is gone.</summary>
    public void Closed()
    {
        Interlocked.Decrement(ref _open);
        TellWhenAllLeft();
    }

    /// <summary>From now on answers ask their clients to leave. Ends when all are gone, or patience is.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        _isLeaving = true;
        TellWhenAllLeft();
        await Task.WhenAny(_allLeft.Task, Task.Delay(Patience, TimeProvider.System, cancellationToken)).ConfigureAwait(false);
    }

    private void TellWhenAllLeft()
    {
        if (_isLeaving && Volatile.Read(ref _open) == 0)
        {
            _allLeft.TrySetResult();
        }
    }
}
