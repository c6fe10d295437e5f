using Dymes.Common;

namespace Dymes.Membership;

/// <summary>Where the silos of a cluster find each other, and gateways find them.</summary>
/// <param name="Kind">The kind of place.</param>
/// <param name="ClusterId">The cluster's id: one place may serve several clusters.</param>
/// <param name="File">With <see cref="MembershipKind.File"/>: the path of the file.</param>
/// <param name="Connection">With Redis or PostgreSQL: the connection string.</param>
public sealed record MembershipSource(MembershipKind Kind, string ClusterId, string File, string Connection)
{
    /// <summary>The most characters of a cluster's id: what the table of PostgreSQL has room for.</summary>
    public const int ClusterIdLengthMax = 150;

    /// <summary>Refuses what names no place.</summary>
    /// <exception cref="DymesException">A setting is missing or too long; the message says which.</exception>
    public void Validate()
    {
        if (ClusterId.Length > ClusterIdLengthMax)
        {
            throw Invalid("cluster.id", $"cluster.id has {ClusterId.Length} characters; it must have {ClusterIdLengthMax} at most.");
        }

        if (Kind is MembershipKind.Redis or MembershipKind.Postgres && Connection.Length == 0)
        {
            var example = Kind == MembershipKind.Redis ? "localhost:6379" : "Host=localhost;Database=dymes;Username=dymes;Password=...";
            throw Invalid("cluster.connection", $"cluster.membership is {Kind.ToString().ToLowerInvariant()}, but cluster.connection is empty; set it, such as '{example}'.");
        }
    }

    private static DymesException Invalid(string field, string message) => new(ErrorCode.ConfigurationInvalid, message) { Field = field };
}
