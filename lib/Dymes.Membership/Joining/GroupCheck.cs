using Dymes.Common;
using Dymes.Programs.Replicas;

namespace Dymes.Membership.Joining;

/// <summary>
/// Refuses to join silos that take the group for another one than this silo does, or have its name: two majorities of different lists need have no replica in common.
/// </summary>
internal sealed class GroupCheck(IMembershipTable table, ILocalSiloDetails self, ReplicaGroup group, TimeProvider clock) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    // Whoever is restarted together with this silo removes what it left in the table itself.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(GroupCheck), JoiningStages.Compare, CompareAsync);
        lifecycle.Subscribe(nameof(GroupCheck), JoiningStages.CompareAgain, CompareAsync);
    }

    internal async Task CompareAsync(CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (await FindRefusalAsync(cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            if (clock.GetElapsedTime(start) > Patience)
            {
                throw refusal;
            }

            await Task.Delay(LookInterval, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<DymesException?> FindRefusalAsync(CancellationToken cancellationToken)
    {
        var members = (await table.ReadAllAsync(cancellationToken).ConfigureAwait(false)).Members;
        return members.Select(member => member.Item1)
            .Where(row => row.Status is SiloStatus.Active or SiloStatus.Joining && !row.SiloAddress.Endpoint.Equals(self.SiloAddress.Endpoint))
            .Select(Refuse)
            .FirstOrDefault(refusal => refusal is not null);
    }

    private DymesException? Refuse(MembershipEntry row)
    {
        var at = row.SiloAddress.Endpoint.ToString();
        return ReplicaGroup.OfMark(group.ClusterId, row.SiloName) switch
        {
            null => GroupDifference.Invalid("cluster.id", $"The silo '{row.SiloName}' at {at} is in the membership table of cluster '{group.ClusterId}', but is no replica of Dymes. Give this cluster an id or a table of its own (cluster.id)."),
            var other when other.Name == group.Name => GroupDifference.Invalid(
                "cluster.name", $"A silo named '{group.Name}' is running at {at}; this one would be at {self.SiloAddress.Endpoint}. Stop it first, or mend cluster.name or cluster.replicas of one of the two."),
            var other => GroupDifference.Find(group, other, at),
        };
    }
}
