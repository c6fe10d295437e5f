namespace Dymes.Benchmarks.Peers.Nats;

/// <summary>NATS JetStream in its configurations: with one replica or three, and with the default flush (every two minutes) or one for each message.</summary>
internal static class NatsSystem
{
    private const string HowToInstall = "apt-get install nats-server";
    private static readonly Version FirstThatFlushes = new(2, 10);

    public static IReadOnlyList<PeerSystem> All { get; } =
    [
        Create(1, isFlushed: false, "no fsync before the ack"),
        Create(1, isFlushed: true, "fsync before the ack"),
        Create(3, isFlushed: false, "in memory of a majority, no fsync before the ack"),
        Create(3, isFlushed: true, "fsync at a majority before the ack"),
    ];

    private static string? Program { get; } = Installation.Find("nats-server");

    private static PeerSystem Create(int replicas, bool isFlushed, string durability) => new(
        $"NATS R{replicas}{(isFlushed ? ", sync_interval always" : "")}",
        durability,
        $"JetStream, file storage, {replicas} replicas, {(isFlushed ? "sync_interval: always" : "sync_interval by default (2 min)")}; 4 connections of NATS.Net to the stream's leader, shared by all clients",
        Installed(isFlushed),
        directory => NatsPeer.StartAsync(Program!, directory, replicas, isFlushed))
    {
        Nodes = replicas,
        IsFlushed = isFlushed,
        Scope = isFlushed ? PeerScope.Appends : PeerScope.Everything,
    };

    private static Installation Installed(bool isFlushed)
    {
        var found = Installation.Of(Installation.Find("nats-server"), HowToInstall, "--version");
        return isFlushed && found.Version is { } version && Version.Parse(version.Split('v')[^1]) < FirstThatFlushes
            ? new Installation(null, $"{version} knows no `sync_interval: always`; 2.10, of Debian 13, does")
            : found;
    }
}
