using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Peers.Standings;

namespace Dymes.Benchmarks.Tests;

public sealed class StandingTests
{
    [Fact]
    public void Dymes_is_held_against_the_best_of_equal_durability_only()
    {
        var standing = Assert.Single(Standing.Of(Samples.Table((Samples.Ours, 300), (Samples.Rival, 200), (Samples.Aside, 900))));

        Assert.Equal((Samples.Rival, 1.5), (standing.Best.Row, standing.Ratio));
    }

    [Fact]
    public void A_cheaper_client_is_told_apart()
    {
        var standing = Assert.Single(Standing.Of(Samples.Table((Samples.Ours, 300), (Samples.OursByWrk, 800), (Samples.Rival, 200))));

        Assert.Equal((1.5, 4.0), (standing.Ratio, standing.CheapRatio));
    }

    [Fact]
    public void Half_the_time_is_twice_as_good()
    {
        var table = new ComparisonTable("Latency", "ms") { IsLessBetter = true };
        table.Add(Samples.Ours, "1 client", [0.5]);
        table.Add(Samples.Rival, "1 client", [1]);

        Assert.Equal(2, Assert.Single(Standing.Of(table)).Ratio);
    }

    [Fact]
    public void What_failed_is_no_rival()
    {
        var table = Samples.Table((Samples.Ours, 300));
        table.Add(Samples.Rival, "16 clients", [900], "failed: not done after 60 s");

        Assert.Empty(Standing.Of(table));
    }

    [Fact]
    public void Figures_that_only_explain_others_are_no_contest()
    {
        var table = new ComparisonTable("Cost", "µs") { IsRanked = false };
        table.Add(Samples.Ours, "16 clients", [3]);
        table.Add(Samples.Rival, "16 clients", [2]);

        Assert.Empty(Standing.Of(table));
    }

    [Fact]
    public void The_summary_names_where_Dymes_is_behind()
    {
        var table = Samples.Table((Samples.Ours, 100), (Samples.Rival, 200));
        table.Add(Samples.Ours, "64 clients", [600]);
        table.Add(Samples.Rival, "64 clients", [200]);
        var page = string.Join('\n', new StandingTable(() => [table]).ToLines());

        Assert.Contains("Ahead in 1 of 2", page);
        Assert.Contains("Behind in 1: Singles, 16 clients (0.50×, etcd).", page);
        Assert.Contains("| Singles, 64 clients | 600 messages/s | 200 | etcd | **3.0×** | | |", page);
    }

    [Fact]
    public void Without_rivals_there_is_nothing_to_show()
    {
        var table = new StandingTable(() => [Samples.Table((Samples.Ours, 300), (Samples.Aside, 900))]);

        Assert.True(table.IsEmpty);
        Assert.Null(table.Draw());
    }
}
