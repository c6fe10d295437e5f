namespace Dymes.Benchmarks.Peers.Postgres;

/// <summary>PostgreSQL with a table of events: one server, or one and two standbys.</summary>
internal static class PostgresSystem
{
    private const string Versions = "/usr/lib/postgresql";
    private const string Setup = "a table with indexes by position, id, time, channel, cause and headers (GIN); shared_buffers 512 MB, max_wal_size 8 GB, otherwise defaults; a pool of up to 64 connections of Npgsql, prepared statements";

    public static IReadOnlyList<PeerSystem> All { get; } =
    [
        Create("PostgreSQL, 1 node", 1, "fsync before the ack", Setup),
        Create("PostgreSQL, 3 nodes", 3, "fsync at the primary and one of two standbys before the ack", $"{Setup}; streaming replication, synchronous_standby_names ANY 1"),
    ];

    private static PeerSystem Create(string name, int nodes, string durability, string setup)
    {
        var programs = PostgresPrograms.Find(Versions);
        return new PeerSystem(
            name, durability, setup, Installation.Of(programs?.Server, "apt-get install postgresql", "--version"), directory => PostgresPeer.StartAsync(programs!, directory, nodes))
        { Nodes = nodes, Pace = new PeerPace(Batches: 2, FillPerSecond: 15_000, ReadPerSecond: 300_000) };
    }
}
