using Dymes.Client;
using Dymes.Cluster.Tests.Node;
using Dymes.Membership.Tests.Servers;
using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Faults;

/// <summary>Silos and a gateway that find each other in Redis or PostgreSQL, where these are installed.</summary>
[Collection(SharedCluster.Collection)]
public sealed class ServiceTests(RedisServer redis, PostgresServer postgres) : IClassFixture<RedisServer>, IClassFixture<PostgresServer>
{
    [Fact]
    public async Task Silos_and_a_gateway_find_each_other_in_Redis()
    {
        Assert.SkipUnless(redis.IsInstalled, "redis-server is not installed");
        await CheckAsync("--cluster.membership=redis", $"--cluster.connection={redis.Connection}");
    }

    [Fact]
    public async Task Silos_and_a_gateway_find_each_other_in_an_empty_database_of_PostgreSQL()
    {
        Assert.SkipUnless(postgres.IsInstalled, "PostgreSQL is not installed");
        await CheckAsync("--cluster.membership=postgres", $"--cluster.connection={postgres.Connection}");
    }

    private static async Task CheckAsync(params string[] members)
    {
        var starting = NodeProcess.StartGatewayAsync(members);
        await using var cluster = await SiloCluster.StartAsync(3, members: members);
        await using var gateway = await starting;
        await cluster["a"].KillAsync();
        await cluster.UntilAgreedAsync("a", SiloState.Dead, "b", "c");
        await cluster["a"].StartAsync();
        await cluster.UntilAgreedAsync("a", SiloState.Alive, "a", "b", "c");

        using var client = new DymesClient(new DymesClientOptions { Addresses = [gateway.Http], RetryDuration = Deadline.OfWait });
        Assert.Equal("cluster", (await client.GetClusterAsync()).Mode);
        Assert.All(cluster.Nodes, node => Assert.DoesNotContain(members[1].Split('=', 2)[1], node.Process.Output, StringComparison.Ordinal));
    }
}
