using Dymes.Common;
using Dymes.Programs.Replicas;

namespace Dymes.Membership;

/// <summary>Where the silos of a cluster find each other, and gateways find them.</summary>
/// <param name="Configured">The kind of place, as it is configured.</param>
/// <param name="ClusterId">The cluster's id: one place may serve several clusters.</param>
public sealed record MembershipSource(MembershipKind Configured, string ClusterId)
{
    /// <summary>The most characters of a cluster's id: what the table of PostgreSQL has room for.</summary>
    public const int ClusterIdLengthMax = 150;

    /// <summary>With <see cref="MembershipKind.Quorum"/>: all replicas. Null where there is no list.</summary>
    public ReplicaList? Replicas { get; init; }

    /// <summary>With <see cref="MembershipKind.Quorum"/>: the data directory of this silo, for its part of the table. A gateway has none.</summary>
    public string DataPath { get; init; } = "";

    /// <summary>With <see cref="MembershipKind.File"/>: the path of the file.</summary>
    public string File { get; init; } = "";

    /// <summary>With Redis or PostgreSQL: the connection string.</summary>
    public string Connection { get; init; } = "";

    /// <summary>The kind of place; never <see cref="MembershipKind.Auto"/>.</summary>
    public MembershipKind Kind => Configured != MembershipKind.Auto ? Configured : Replicas is null ? MembershipKind.Localhost : MembershipKind.Quorum;

    /// <summary>Refuses what names no place.</summary>
    /// <exception cref="DymesException">A setting is missing or too long; the message says which.</exception>
    public void Validate()
    {
        if (ClusterId.Length > ClusterIdLengthMax)
        {
            throw Invalid("cluster.id", $"cluster.id has {ClusterId.Length} characters; it must have {ClusterIdLengthMax} at most.");
        }

        if (Kind == MembershipKind.Quorum && Replicas is null)
        {
            throw Invalid("cluster.replicas", "cluster.membership is quorum, but cluster.replicas is empty; list all replicas, as the silos do.");
        }

        if (Kind is MembershipKind.Redis or MembershipKind.Postgres && Connection.Length == 0)
        {
            var example = Kind == MembershipKind.Redis ? "localhost:6379" : "Host=localhost;Database=dymes;Username=dymes;Password=...";
            throw Invalid("cluster.connection", $"cluster.membership is {Kind.ToString().ToLowerInvariant()}, but cluster.connection is empty; set it, such as '{example}'.");
        }
    }

    private static DymesException Invalid(string field, string message) => new(ErrorCode.ConfigurationInvalid, message) { Field = field };
}
