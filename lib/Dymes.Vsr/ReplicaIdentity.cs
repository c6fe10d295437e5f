using Dymes.Common;

namespace Dymes.Vsr;

/// <summary>Who a replica is, and of what group. Fixed for an epoch.</summary>
public sealed record ReplicaIdentity
{
    /// <summary>Makes an identity.</summary>
    /// <param name="clusterId">The cluster; messages of another are dropped.</param>
    /// <param name="epoch">The configuration of the group; messages of another are dropped.</param>
    /// <param name="self">This replica.</param>
    /// <param name="replicaCount">1 to <see cref="VsrLimits.ReplicasMax"/>.</param>
    /// <exception cref="DymesException">A number is out of range.</exception>
    public ReplicaIdentity(UInt128 clusterId, uint epoch, ReplicaNumber self, int replicaCount)
    {
        if (replicaCount is < 1 or > VsrLimits.ReplicasMax)
        {
            throw new DymesException(ErrorCode.ConfigurationInvalid, $"The group has {replicaCount} replicas; it must have 1 to {VsrLimits.ReplicasMax}.") { Field = "replicaCount" };
        }

        if (self.Value >= replicaCount)
        {
            throw new DymesException(ErrorCode.ConfigurationInvalid, $"The replica's number is {self}; in a group of {replicaCount} it must be 0 to {replicaCount - 1}.") { Field = "self" };
        }

        ClusterId = clusterId;
        Epoch = epoch;
        Self = self;
        ReplicaCount = replicaCount;
    }

    /// <summary>The cluster.</summary>
    public UInt128 ClusterId { get; }

    /// <summary>The configuration of the group.</summary>
    public uint Epoch { get; }

    /// <summary>This replica.</summary>
    public ReplicaNumber Self { get; }

    /// <summary>The number of replicas.</summary>
    public int ReplicaCount { get; }

    /// <summary>f+1: any two sets of this size have a replica in common.</summary>
    public int Quorum => (ReplicaCount / 2) + 1;

    /// <summary>
    /// How many others must answer a replica that lost its memory: every quorum that it was in, itself left out, has one of them. f+1 where the count is odd.
    /// </summary>
    public int RecoveryQuorum => ReplicaCount - Quorum + 1;
}
