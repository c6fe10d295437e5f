using System.Net;
using Dymes.Common;
using Dymes.Membership;
using Dymes.Silo.Clustering;
using Dymes.Silo.Settings;

namespace Dymes.Hosting.Tests.Clustering;

public sealed class NodeSeatTests
{
    private static readonly string[] Three = ["a=127.0.0.1:1001/2001", "b=127.0.0.1:1002/2002", "c=127.0.0.1:1003/2003"];

    [Fact]
    public void A_node_alone_has_the_usual_ports_and_is_its_own_group()
    {
        var seat = NodeSeat.Of(new ClusterSettings());
        Assert.Equal("node@1:node", seat.Group.Mark);
        Assert.Equal((new IPEndPoint(IPAddress.Loopback, 11111), new IPEndPoint(IPAddress.Loopback, 30000)), (seat.SiloListener, seat.GatewayListener));
    }

    [Fact]
    public void A_node_among_others_has_the_place_of_its_name()
    {
        var seat = NodeSeat.Of(new ClusterSettings { Membership = MembershipKind.File, Name = "b", Replicas = Three, Epoch = 4 });
        Assert.Equal(("b@4:a,b,c", 1), (seat.Group.Mark, seat.Group.Number));
        Assert.Equal((new IPEndPoint(IPAddress.Loopback, 1002), 2002), (seat.Advertised, seat.AdvertisedGatewayPort));
        Assert.Equal((1002, 2002), (seat.SiloListener.Port, seat.GatewayListener.Port));
    }

    [Fact]
    public void A_node_may_listen_elsewhere_than_where_others_reach_it()
    {
        var seat = NodeSeat.Of(new ClusterSettings { Membership = MembershipKind.File, Name = "b", Replicas = Three, SiloPort = 5, GatewayPort = 6 });
        Assert.Equal((1002, 2002, 5, 6), (seat.Advertised.Port, seat.AdvertisedGatewayPort, seat.SiloListener.Port, seat.GatewayListener.Port));
    }

    [Theory]
    [InlineData(MembershipKind.Localhost, "a", 3, "cluster.membership")]
    [InlineData(MembershipKind.File, "a", 0, "cluster.replicas")]
    [InlineData(MembershipKind.Redis, "", 3, "cluster.name")]
    [InlineData(MembershipKind.Postgres, "d", 3, "cluster.name")]
    [InlineData(MembershipKind.File, "a", 2, "cluster.replicas")]
    public void Settings_that_give_a_node_no_place_are_refused_by_their_field(MembershipKind membership, string name, int count, string field)
    {
        var refusal = Assert.Throws<DymesException>(() => NodeSeat.Of(new ClusterSettings { Membership = membership, Name = name, Replicas = Three[..count] }));
        Assert.Equal((ErrorCode.ConfigurationInvalid, field), (refusal.Code, refusal.Field));
    }

    [Fact]
    public void A_host_that_nobody_knows_is_refused_by_its_name()
    {
        var refusal = Assert.Throws<DymesException>(() => NodeSeat.Of(new ClusterSettings { Membership = MembershipKind.File, Name = "a", Replicas = ["a=nowhere.invalid:1/2"] }));
        Assert.Equal("cluster.replicas", refusal.Field);
        Assert.Contains("'nowhere.invalid'", refusal.Message, StringComparison.Ordinal);
    }
}
