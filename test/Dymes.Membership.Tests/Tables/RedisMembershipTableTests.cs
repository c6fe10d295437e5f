using Dymes.Membership.Tests.Servers;

namespace Dymes.Membership.Tests.Tables;

public sealed class RedisMembershipTableTests(RedisServer server) : MembershipTableContract, IClassFixture<RedisServer>
{
    public override ValueTask InitializeAsync()
    {
        Assert.SkipUnless(server.IsInstalled, "redis-server is not installed");
        return base.InitializeAsync();
    }

    protected override MembershipSource Source(string clusterId) => new(MembershipKind.Redis, clusterId) { Connection = server.Connection };
}
