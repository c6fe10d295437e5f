namespace Dymes.Benchmarks.Peers.Etcd;

/// <summary>etcd, with one member and with three.</summary>
internal static class EtcdSystem
{
    public static IReadOnlyList<PeerSystem> All { get; } = [Create(1, "fsync before the ack"), Create(3, "fsync at a majority before the ack")];

    private static string? Program { get; } = Installation.Find("etcd");

    private static PeerSystem Create(int members, string durability) => new(
        $"etcd, {members} {(members == 1 ? "member" : "members")}",
        durability,
        "a key for each message, below its channel; quota 64 GiB, 2,048 operations and 8 MiB a request, otherwise defaults; 4 connections of gRPC to the leader, shared by all clients",
        Installation.Of(Installation.Find("etcd"), "apt-get install etcd-server", "--version"),
        directory => EtcdPeer.StartAsync(Program!, directory, members))
    { Nodes = members, Pace = new PeerPace(FillPerSecond: members == 1 ? 12_000 : 6_000, ReadPerSecond: 12_000) };
}
