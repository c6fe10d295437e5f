namespace Dymes.Benchmarks.Peers.SiloPeers;

/// <summary>What all ways to run Dymes have in common here.</summary>
internal static class DymesPeers
{
    public static Installation Installation { get; } = new("this commit", "");

    public static PeerPace Pace { get; } = new(Singles: 3, Batches: 2, FillPerSecond: 200_000, ReadPerSecond: 500_000, ReadWays: 2);
}
