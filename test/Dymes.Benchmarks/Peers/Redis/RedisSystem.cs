namespace Dymes.Benchmarks.Peers.Redis;

/// <summary>Redis with one stream.</summary>
internal static class RedisSystem
{
    public static PeerSystem Stream { get; } = new(
        "Redis stream",
        "fsync before the ack",
        "appendonly yes, appendfsync always, no snapshots; everything is in memory, too; one connection of StackExchange.Redis shared by all clients",
        Installation.Of(Installation.Find("redis-server"), "apt-get install redis-server", "--version"),
        directory => RedisPeer.StartAsync(Installation.Find("redis-server")!, directory));
}
