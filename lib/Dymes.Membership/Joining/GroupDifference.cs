using Dymes.Common;
using Dymes.Programs.Replicas;

namespace Dymes.Membership.Joining;

/// <summary>Tells in what two silos' groups differ, with both values, whoever finds it out.</summary>
internal static class GroupDifference
{
    /// <summary>Why a silo must not join with another; null where their groups are the same.</summary>
    /// <param name="mine">This silo, in its group.</param>
    /// <param name="other">The other one.</param>
    /// <param name="at">Where the other one is.</param>
    public static DymesException? Find(ReplicaGroup mine, ReplicaGroup other, string at) =>
        other.ClusterId != mine.ClusterId ? Invalid("cluster.id", $"The silo at {at} is of cluster '{other.ClusterId}'; this one of cluster '{mine.ClusterId}'. Mend cluster.id or cluster.replicas of one of the two.")
        : other.Epoch != mine.Epoch ? Invalid("cluster.epoch", $"The silo at {at} is of {other}; this one of {mine}. Give both the same cluster.epoch and cluster.replicas.")
        : other.Names != mine.Names ? Invalid("cluster.replicas", $"The silo at {at} is of {other}; this one of {mine}. Give both the same cluster.replicas, in the same order.")
        : null;

    public static DymesException Invalid(string field, string message) => new(ErrorCode.ConfigurationInvalid, message) { Field = field };
}
