using System.Net;

namespace Dymes.Membership.Tests.Tables;

/// <summary>Rows of silos that do not exist, each with an address of its own.</summary>
internal static class Silos
{
    private static readonly DateTime Time = new(2026, 3, 14, 15, 9, 26, DateTimeKind.Utc);
    private static int Generation;

    public static MembershipEntry Row(SiloStatus status = SiloStatus.Joining, string name = "a@1:a", int port = 12345, TimeSpan age = default) => new()
    {
        SiloAddress = Address(port),
        SiloName = name,
        HostName = "machine",
        Status = status,
        ProxyPort = port,
        StartTime = Time - age,
        IAmAliveTime = Time - age,
        SuspectTimes = [],
    };

    public static SiloAddress Address(int port = 12345) => SiloAddress.New(IPAddress.Loopback, port, Interlocked.Increment(ref Generation));

    /// <summary>Inserts rows one after the other.</summary>
    public static async Task InsertAsync(this IMembershipTable table, params MembershipEntry[] rows)
    {
        foreach (var row in rows)
        {
            Assert.True(await table.InsertRowAsync(row, (await table.ReadAllAsync(default)).Version.Next(), default));
        }
    }

    /// <summary>Inserts a row, or changes the one that is there, as often as somebody else is faster.</summary>
    public static async Task PutAsync(this IMembershipTable table, MembershipEntry row)
    {
        while (true)
        {
            var now = await table.ReadAllAsync(default);
            var wasPut = now.TryGet(row.SiloAddress) is { } old
                ? await table.UpdateRowAsync(row, old.Item2, now.Version.Next(), default)
                : await table.InsertRowAsync(row, now.Version.Next(), default);
            if (wasPut)
            {
                return;
            }
        }
    }
}
