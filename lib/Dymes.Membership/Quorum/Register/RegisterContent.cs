using Dymes.Membership.Tables;

namespace Dymes.Membership.Quorum.Register;

/// <summary>What the register holds: the table, and whose change it knows. A proposer that lost sight of its change finds by its stamp whether another one has carried it on.</summary>
/// <param name="Table">The table.</param>
/// <param name="Stamps">For each replica the stamp of its newest change; 0: none.</param>
internal sealed record RegisterContent(MemberTable Table, IReadOnlyList<long> Stamps)
{
    public static RegisterContent Empty(string cluster, int count) => new(MemberTable.Empty(cluster), new long[count]);

    public bool Knows(int replica, long stamp) => Stamps[replica] == stamp;

    public RegisterContent With(MemberTable table, int replica, long stamp) =>
        new(table, [.. Stamps.Select((old, number) => number == replica ? stamp : old)]);
}
