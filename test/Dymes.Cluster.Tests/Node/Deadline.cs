namespace Dymes.Cluster.Tests.Node;

/// <summary>When a test gives up. Waits end at a signal; these say nothing of how fast anything is, and leave a machine time that is five times slower than ours, or as busy.</summary>
internal static class Deadline
{
    /// <summary>For what takes seconds at most: a start, a stop, an election, an agreement.</summary>
    public static readonly TimeSpan OfWait = TimeSpan.FromMinutes(3);

    /// <summary>For one call over HTTP, where what it waits for is asked for again.</summary>
    public static readonly TimeSpan OfCall = TimeSpan.FromSeconds(30);
}
