namespace Dymes.Benchmarks.Peers.SiloPeers;

/// <summary>What all ways to run Dymes have in common here.</summary>
internal static class DymesPeers
{
    public static Installation Installation { get; } = new("this commit", "");
}
