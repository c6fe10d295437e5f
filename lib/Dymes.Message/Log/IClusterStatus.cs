namespace Dymes.Message.Log;

/// <summary>Tells how the replicas of a log are. Safe for concurrent use.</summary>
public interface IClusterStatus
{
    /// <summary>How the replicas are, as far as the one that is asked knows.</summary>
    ValueTask<ClusterReport> GetClusterAsync(CancellationToken cancellationToken = default);
}

/// <summary>Tells how far replication is: what a replica knows of itself and of the others. Safe for concurrent use.</summary>
public interface IReplicaProgress
{
    /// <summary>How far the group is.</summary>
    ValueTask<GroupProgress> GetProgressAsync(CancellationToken cancellationToken = default);
}

/// <summary>How far a group of replicas is.</summary>
/// <param name="View">The view; null where there is none.</param>
/// <param name="Primary">The number of the replica that is primary in that view; null where there is none.</param>
/// <param name="Replicas">What is known of replicas, by their numbers; those of which nothing is known are left out.</param>
public sealed record GroupProgress(uint? View, int? Primary, IReadOnlyDictionary<int, ReplicaProgress> Replicas);
