using System.Globalization;
using System.Text.Json.Serialization;

namespace Dymes.Membership.Files;

/// <summary>All that the file says: the silos of one cluster at one version. Immutable; a change makes another.</summary>
internal sealed record MemberTable
{
    /// <summary>Tells the file from any other JSON.</summary>
    public const string FormatName = "dymes-members-1";

    public required string Format { get; init; }

    public required string Cluster { get; init; }

    public required int Version { get; init; }

    public required IReadOnlyList<MemberRow> Rows { get; init; }

    public static MemberTable Empty(string cluster) => new() { Format = FormatName, Cluster = cluster, Version = 0, Rows = [] };

    /// <summary>The table with a row more; null where the silo has one or somebody else wrote since <paramref name="seen"/>.</summary>
    public MemberTable? Insert(MembershipEntry entry, TableVersion seen) =>
        IsSeen(seen) && Find(entry.SiloAddress) is null ? WithRow(entry) : null;

    /// <summary>The table with a row replaced; null where the silo has none, or somebody else wrote the row or the table since.</summary>
    public MemberTable? Update(MembershipEntry entry, string etag, TableVersion seen) =>
        IsSeen(seen) && Find(entry.SiloAddress) is { } row && TextOf(row.Etag) == etag ? WithRow(entry) : null;

    /// <summary>The table with a newer sign of life. Neither version nor etag changes: whoever is about to write a row need not begin again for it.</summary>
    public MemberTable Refresh(SiloAddress silo, DateTime alive) =>
        this with { Rows = [.. Rows.Select(row => row.Silo == silo.ToParsableString() ? row with { Alive = DateTime.SpecifyKind(alive, DateTimeKind.Utc) } : row)] };

    /// <summary>The table without silos that are not active and were last heard before a time.</summary>
    public MemberTable Forget(DateTime before) =>
        this with { Rows = [.. Rows.Where(row => row.Status == SiloStatus.Active || row.Alive >= before || row.Started >= before)] };

    public MemberRow? Find(SiloAddress silo) => Rows.FirstOrDefault(row => row.Silo == silo.ToParsableString());

    public MembershipTableData ToTable(IEnumerable<MemberRow> rows) =>
        new([.. rows.Select(row => Tuple.Create(row.ToEntry(), TextOf(row.Etag)))], new TableVersion(Version, TextOf(Version)));

    // Orleans gives the version that the table is to have, with the etag of the one that it has seen.
    private bool IsSeen(TableVersion next) => next.VersionEtag == TextOf(Version);

    private MemberTable WithRow(MembershipEntry entry)
    {
        var row = MemberRow.Of(entry, Version + 1);
        return this with { Version = Version + 1, Rows = [.. Rows.Where(other => other.Silo != row.Silo), row] };
    }

    private static string TextOf(int version) => version.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How the file is read and written, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(MemberTable))]
internal sealed partial class MemberTableJson : JsonSerializerContext;
