using Dymes.Message.Log;
using Dymes.Programs.Replicas;

namespace Dymes.Membership.Status;

/// <summary>How the replicas are: which of their silos are alive as the silos agree, and how far each is as the replica of this silo knows.</summary>
/// <param name="membership">What the silos agree on.</param>
/// <param name="self">This silo.</param>
/// <param name="group">Who it is, among whom.</param>
/// <param name="replicas">Where they are; null where this one is alone and has no list.</param>
/// <param name="progress">How far they are.</param>
public sealed class MembershipStatus(IClusterMembershipService membership, ILocalSiloDetails self, ReplicaGroup group, ReplicaList? replicas, IReplicaProgress progress) : IClusterStatus
{
    /// <inheritdoc/>
    public async ValueTask<ClusterReport> GetClusterAsync(CancellationToken cancellationToken = default)
    {
        var known = await progress.GetProgressAsync(cancellationToken).ConfigureAwait(false);
        var silos = NewestByName();
        return new ClusterReport(group.ClusterId, group.Epoch, known.View, known.Primary, [.. group.Names.Split(',').Select((name, number) => Report(number, name, silos, known))]);
    }

    private ReplicaReport Report(int number, string name, Dictionary<string, SiloStatus> silos, GroupProgress known)
    {
        var seat = replicas?.Seats[number];
        return new ReplicaReport(
            number,
            name,
            seat is null ? self.SiloAddress.Endpoint.ToString() : $"{seat.Host}:{seat.SiloPort}",
            seat?.Http?.GetLeftPart(UriPartial.Authority),
            silos.TryGetValue(name, out var status) ? StateOf(status) : SiloState.Unknown,
            known.Replicas.GetValueOrDefault(number));
    }

    // A silo that was started again has a row for each time; the newest counts.
    private Dictionary<string, SiloStatus> NewestByName() => membership.CurrentSnapshot.Members.Values
        .OrderBy(member => member.SiloAddress.Generation)
        .Select(member => (ReplicaGroup.OfMark(group.ClusterId, member.Name)?.Name, member.Status))
        .Where(member => member.Name is not null)
        .GroupBy(member => member.Name!, member => member.Status)
        .ToDictionary(statuses => statuses.Key, statuses => statuses.Last());

    private static SiloState StateOf(SiloStatus status) => status switch
    {
        SiloStatus.Active => SiloState.Alive,
        SiloStatus.Created or SiloStatus.Joining => SiloState.Joining,
        SiloStatus.ShuttingDown or SiloStatus.Stopping => SiloState.Stopping,
        SiloStatus.Dead => SiloState.Dead,
        _ => SiloState.Unknown,
    };
}
