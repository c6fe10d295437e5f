using Dymes.Common;
using Dymes.Programs.Replicas;

namespace Dymes.Hosting.Tests.Clustering;

public sealed class ReplicaListTests
{
    [Theory]
    [InlineData("a=10.0.0.1:11111/30000/http://10.0.0.1:6510")]
    [InlineData("a=silo-1.example:1/65535")]
    [InlineData("a=[::1]:11111/30000/https://dymes.example")]
    public void A_replica_is_written_as_it_was_read(string text) => Assert.Equal(text, ReplicaSeat.Parse(text).ToString());

    [Fact]
    public void A_replica_has_the_parts_of_its_text()
    {
        var seat = ReplicaSeat.Parse("node-2=[::1]:11111/30000/http://10.0.0.1:6510/");
        Assert.Equal(("node-2", "::1", 11111, 30000, new Uri("http://10.0.0.1:6510")), (seat.Name, seat.Host, seat.SiloPort, seat.GatewayPort, seat.Http));
    }

    [Theory]
    [InlineData("", "is no replica")]
    [InlineData("a", "is no replica")]
    [InlineData("a=h:1", "is no replica")]
    [InlineData("a=:1/2", "is no replica")]
    [InlineData("=h:1/2", "'' is no replica's name")]
    [InlineData("A=h:1/2", "'A' is no replica's name")]
    [InlineData("a-=h:1/2", "'a-' is no replica's name")]
    [InlineData("abcdefghijklmnopq=h:1/2", "'abcdefghijklmnopq' is no replica's name")]
    [InlineData("a=h:0/2", "the port 0")]
    [InlineData("a=h:1/65536", "the port 65536")]
    [InlineData("a=h:1/2/10.0.0.1:6510", "the HTTP address '10.0.0.1:6510'")]
    [InlineData("a=h:1/2/http://10.0.0.1:6510/api", "the HTTP address 'http://10.0.0.1:6510/api'")]
    public void What_is_no_replica_is_refused_with_what_is_wrong(string text, string expected) => AssertRefused(() => ReplicaList.Parse([text]), expected);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(9)]
    public void A_group_has_one_three_five_or_seven_replicas(int count) =>
        AssertRefused(() => ReplicaList.Parse(Enumerable.Range(0, count).Select(number => $"r{number}=h{number}:1/2")), $"there are {count} replicas");

    [Theory]
    [InlineData("a=h:1/2", "a=i:1/2", "the name a ")]
    [InlineData("a=h:1/2", "b=h:1/3", "the address h:1 ")]
    [InlineData("a=h:1/2", "b=h:2/3", "the address h:2 ")]
    [InlineData("a=h:1/2/http://i:9", "b=h:3/4/http://I:9", "the address i:9 ")]
    [InlineData("a=h:1/1", "b=i:1/2", "the address h:1 ")]
    public void A_name_or_an_address_that_is_there_twice_is_refused(string first, string second, string expected) =>
        AssertRefused(() => ReplicaList.Parse([first, second, "c=j:1/2"]), expected);

    [Fact]
    public void The_place_in_the_list_is_the_number()
    {
        var list = ReplicaList.Parse(["b=h:1/2", "a=h:3/4", "c=h:5/6"]);
        Assert.Equal(("b,a,c", 1, -1), (list.Names, list.NumberOf("a"), list.NumberOf("d")));
    }

    [Fact]
    public void A_mark_says_who_a_silo_is_and_fits_into_every_table()
    {
        var names = string.Join(',', Enumerable.Range(1, ReplicaList.CountMax).Select(number => $"abcdefghijklmno{number}"));
        var group = new ReplicaGroup("cluster", 999_999_999, "abcdefghijklmno3", names);
        Assert.Equal((2, 7), (group.Number, group.Count));
        Assert.InRange(group.Mark.Length, 1, 150);
        Assert.Equal(group, ReplicaGroup.OfMark("cluster", group.Mark));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Silo_1")]
    [InlineData("a@x:a")]
    public void A_name_that_is_no_mark_says_nothing(string? name) => Assert.Null(ReplicaGroup.OfMark("cluster", name));

    [Fact]
    public void Clusters_have_different_numbers_and_the_default_one_has_that_of_older_files()
    {
        Assert.Equal(UInt128.Zero, new ReplicaGroup("dymes", 1, "a", "a").ClusterNumber);
        Assert.NotEqual(new ReplicaGroup("x", 1, "a", "a").ClusterNumber, new ReplicaGroup("y", 1, "a", "a").ClusterNumber);
    }

    private static void AssertRefused(Action act, string expected)
    {
        var refusal = Assert.Throws<DymesException>(act);
        Assert.Equal((ErrorCode.ConfigurationInvalid, "cluster.replicas"), (refusal.Code, refusal.Field));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }
}
