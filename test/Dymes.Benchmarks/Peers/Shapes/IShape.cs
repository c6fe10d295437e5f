namespace Dymes.Benchmarks.Peers.Shapes;

/// <summary>One kind of load that all systems get.</summary>
internal interface IShape
{
    string Name { get; }

    Task RunAsync(PeersRun run);
}
