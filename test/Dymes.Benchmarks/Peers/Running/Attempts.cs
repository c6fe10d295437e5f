namespace Dymes.Benchmarks.Peers.Running;

/// <summary>How a client behaves that must get its message in: it tries, and tries again elsewhere.</summary>
internal static class Attempts
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <param name="first">Where the first attempt goes.</param>
    /// <param name="attemptAsync">An attempt at the node of a number, which counts up.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task UntilDoneAsync(int first, Func<int, CancellationToken, Task> attemptAsync, CancellationToken stop)
    {
        for (var node = first; ; node++)
        {
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(stop);
            attempt.CancelAfter(IFailover.AttemptTimeout);
            try
            {
                await attemptAsync(node, attempt.Token);
                return;
            }
            catch (Exception) when (!stop.IsCancellationRequested)
            {
                await Task.Delay(Pause, TimeProvider.System, stop);
            }
        }
    }
}
