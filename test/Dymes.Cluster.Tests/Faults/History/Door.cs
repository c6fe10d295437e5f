namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>Where clients reach the cluster: a silo's own HTTP door, or a gateway's.</summary>
/// <param name="Name">What it is called in a violation.</param>
/// <param name="Http">Its address.</param>
/// <param name="IsSteady">Whether its process lives as long as the test: what it promises its clients, it never forgets.</param>
internal sealed record Door(string Name, Uri Http, bool IsSteady = false);
