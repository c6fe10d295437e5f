using Dymes.Common;
using Dymes.Membership.Postgres;
using Dymes.Membership.Tests.Servers;

namespace Dymes.Membership.Tests.Tables;

public sealed class PostgresMembershipTableTests(PostgresServer server) : MembershipTableContract, IClassFixture<PostgresServer>
{
    public override ValueTask InitializeAsync()
    {
        Assert.SkipUnless(server.IsInstalled, "PostgreSQL is not installed");
        return base.InitializeAsync();
    }

    protected override MembershipSource Source(string clusterId) => new(MembershipKind.Postgres, clusterId) { Connection = server.Connection };

    protected override Task PrepareAsync(MembershipSource source) => new PostgresTables(source.Connection).CreateAsync(default);

    [Fact]
    public Task Silos_that_start_at_once_make_the_tables_once() =>
        Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new PostgresTables(server.ConnectionTo("template1")).CreateAsync(default))));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("Host=127.0.0.1;Port=1;Username=dymes;Timeout=1")]
    public async Task A_connection_that_leads_nowhere_is_refused_with_its_field(string connection)
    {
        var refusal = await Assert.ThrowsAsync<DymesException>(() => new PostgresTables(connection).CreateAsync(default));
        Assert.Equal("cluster.connection", refusal.Field);
        Assert.Contains("cluster.connection", refusal.Message, StringComparison.Ordinal);
    }
}
