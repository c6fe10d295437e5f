using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;

namespace Dymes.Http;

/// <summary>
/// A server that is about to stop still answers for a moment, and each answer asks its client to leave the connection (RFC 9112, 9.6). A request that meets a connection as it is closed is
/// lost, and its client cannot tell whether it was carried out: who sends one after the other is spared that, who is idle nearly always.
/// </summary>
internal sealed class LameDuck : IHostedLifecycleService
{
    private readonly TaskCompletionSource _allLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isLeaving;
    private int _present = 1; // the server itself is one of them

    /// <summary>How long it goes on at most. Whoever is busy has an answer by then; who is idle cannot be told.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Whether answers ask their clients to leave.</summary>
    public bool IsLeaving => _isLeaving;

    /// <summary>Counts a connection for as long as it is open.</summary>
    public ConnectionDelegate Watch(ConnectionDelegate next) => async connection =>
    {
        Interlocked.Increment(ref _present);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    };

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_isLeaving)
        {
            return;
        }

        _isLeaving = true;
        Leave();
        await Task.WhenAny(_allLeft.Task, Task.Delay(Patience, TimeProvider.System, cancellationToken)).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Leave()
    {
        if (Interlocked.Decrement(ref _present) == 0)
        {
            _allLeft.TrySetResult();
        }
    }
}
