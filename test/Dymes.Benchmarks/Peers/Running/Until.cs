using System.Diagnostics;

namespace Dymes.Benchmarks.Peers.Running;

/// <summary>Waits for what a server of another process does in its own time.</summary>
internal static class Until
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5); // a system may read all that it has before it is ready

    /// <summary>Asks again and again until the answer is no failure.</summary>
    /// <param name="nodes">Where one of these ends by itself, nothing is waited for.</param>
    /// <param name="askAsync">Throws as long as it is too early.</param>
    /// <param name="attemptTimeout">How long to wait for an answer before it is asked again; by default as long as clients wait.</param>
    public static async Task<TAnswer> AnsweredAsync<TAnswer>(IReadOnlyList<PeerProcess> nodes, Func<CancellationToken, Task<TAnswer>> askAsync, TimeSpan? attemptTimeout = null)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(LookInterval);
        while (true)
        {
            using var attempt = new CancellationTokenSource(attemptTimeout ?? IFailover.AttemptTimeout);
            try
            {
                return await askAsync(attempt.Token);
            }
            catch (Exception) when (watch.Elapsed < Deadline)
            {
                nodes.ToList().ForEach(node => node.ThrowIfEnded());
            }

            await timer.WaitForNextTickAsync();
        }
    }
}
