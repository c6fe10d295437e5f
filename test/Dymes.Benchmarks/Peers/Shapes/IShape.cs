namespace Dymes.Benchmarks.Peers.Shapes;

/// <summary>One kind of load that all systems get.</summary>
internal interface IShape
{
    string Name { get; }

    /// <summary>About how long it takes.</summary>
    TimeSpan Expected(IReadOnlyList<PeerSystem> systems, BenchOptions options);

    Task RunAsync(PeersRun run);
}
