namespace Dymes.Membership.Tables;

/// <summary>A silo as the table has it, one JSON object.</summary>
internal sealed record MemberRow
{
    /// <summary>Address, port and generation.</summary>
    public required string Silo { get; init; }

    public required string Name { get; init; }

    public required SiloStatus Status { get; init; }

    public required string Host { get; init; }

    public string? Role { get; init; }

    public int GatewayPort { get; init; }

    public DateTime Started { get; init; }

    public DateTime Alive { get; init; }

    public IReadOnlyList<Suspicion> Suspicions { get; init; } = [];

    /// <summary>The table's version that wrote this row: who changes it must have seen that.</summary>
    public required int Etag { get; init; }

    public static MemberRow Of(MembershipEntry entry, int etag) => new()
    {
        Silo = entry.SiloAddress.ToParsableString(),
        Name = entry.SiloName,
        Status = entry.Status,
        Host = entry.HostName,
        Role = entry.RoleName,
        GatewayPort = entry.ProxyPort,
        Started = Utc(entry.StartTime),
        Alive = Utc(entry.IAmAliveTime),
        Suspicions = [.. (entry.SuspectTimes ?? []).Select(suspect => new Suspicion(suspect.Item1.ToParsableString(), Utc(suspect.Item2)))],
        Etag = etag,
    };

    public MembershipEntry ToEntry() => new()
    {
        SiloAddress = SiloAddress.FromParsableString(Silo),
        SiloName = Name,
        Status = Status,
        HostName = Host,
        RoleName = Role,
        ProxyPort = GatewayPort,
        StartTime = Started,
        IAmAliveTime = Alive,
        SuspectTimes = [.. Suspicions.Select(suspicion => Tuple.Create(SiloAddress.FromParsableString(suspicion.By), suspicion.At))],
    };

    // Orleans gives times without a kind and means UTC; as text they must say so.
    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}

/// <summary>A vote that a silo is dead.</summary>
/// <param name="By">The silo that voted.</param>
/// <param name="At">When.</param>
internal sealed record Suspicion(string By, DateTime At);
