using System.Globalization;
using System.Text.Json.Serialization;

namespace Dymes.Membership.Tables;

/// <summary>The silos of one cluster at one version. Immutable; a change makes another.</summary>
internal sealed record MemberTable
{
    /// <summary>Tells it from any other JSON.</summary>
    public const string FormatName = "dymes-members-1";

    /// <summary>The most rows, unless more silos than these are not dead: the table travels whole, and stays below a hundred KiB.</summary>
    public const int RowsMax = 200;

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

    /// <summary>The table without silos that are not active and were last heard before a time; null where there are none.</summary>
    public MemberTable? Forget(DateTime before)
    {
        MemberRow[] kept = [.. Rows.Where(row => row.Status == SiloStatus.Active || row.Alive >= before || row.Started >= before)];
        return kept.Length < Rows.Count ? this with { Rows = kept } : null;
    }

    public MemberRow? Find(SiloAddress silo) => Rows.FirstOrDefault(row => row.Silo == silo.ToParsableString());

    /// <summary>The silos that gateways may connect to.</summary>
    public IList<Uri> Gateways() =>
    [
        .. from row in Rows
           where row.Status == SiloStatus.Active && row.GatewayPort > 0
           let silo = SiloAddress.FromParsableString(row.Silo)
           select SiloAddress.New(silo.Endpoint.Address, row.GatewayPort, silo.Generation).ToGatewayUri(),
    ];

    public MembershipTableData ToTable(IEnumerable<MemberRow> rows) =>
        new([.. rows.Select(row => Tuple.Create(row.ToEntry(), TextOf(row.Etag)))], new TableVersion(Version, TextOf(Version)));

    // Orleans gives the version that the table is to have, with the etag of the one that it has seen.
    private bool IsSeen(TableVersion next) => next.VersionEtag == TextOf(Version);

    private MemberTable WithRow(MembershipEntry entry)
    {
        var row = MemberRow.Of(entry, Version + 1);
        return this with { Version = Version + 1, Rows = [.. WithRoom(Rows.Where(other => other.Silo != row.Silo)), row] };
    }

    // A silo that dies at each start leaves a row each time, faster than Orleans forgets them. The dead that nobody has written of for longest go first.
    private static IEnumerable<MemberRow> WithRoom(IEnumerable<MemberRow> rows)
    {
        MemberRow[] all = [.. rows];
        var tooMany = Math.Max(0, all.Length + 1 - RowsMax);
        var forgotten = all.Where(row => row.Status == SiloStatus.Dead).OrderBy(row => row.Etag).Take(tooMany).ToHashSet();
        return all.Where(row => !forgotten.Contains(row));
    }

    private static string TextOf(int version) => version.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How a file of it is read and written, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(MemberTable))]
internal sealed partial class MemberTableJson : JsonSerializerContext;
