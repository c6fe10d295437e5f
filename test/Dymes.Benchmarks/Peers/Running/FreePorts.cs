using Dymes.Cluster.Tests.Node;

namespace Dymes.Benchmarks.Peers.Running;

/// <summary>Ports of 127.0.0.1 that nobody listens on at the moment, below those that the system gives away.</summary>
internal static class FreePorts
{
    public static int Next() => NodePorts.Free().Http;

    public static int[] Next(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];
}
