namespace Dymes.Benchmarks.Peers.Running;

/// <summary>A peer that is being started.</summary>
internal static class StartingPeer
{
    /// <summary>The peer when it runs; where it does not come to that, nothing of it is left.</summary>
    public static async Task<IPeer> StartedAsync(this IPeer peer, Func<Task> startAsync)
    {
        try
        {
            await startAsync();
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }
}
