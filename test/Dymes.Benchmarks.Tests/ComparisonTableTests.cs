using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Tests;

public sealed class ComparisonTableTests
{
    [Fact]
    public void A_cell_shows_the_median_and_the_range_of_its_rounds() =>
        Assert.Equal("2,000 (1,000 – 9,000)", new Comparison(Samples.Rival, "", [9000, 1000, 2000]).ToText());

    [Fact]
    public void A_cell_of_one_round_shows_no_range() => Assert.Equal("12.3", new Comparison(Samples.Rival, "", [12.34]).ToText());

    [Fact]
    public void A_cell_without_a_figure_says_why() => Assert.Equal("no index by time", new Comparison(Samples.Rival, "", [], "no index by time").ToText());

    [Fact]
    public void The_best_of_equal_durability_stands_in_bold_and_who_has_no_rival_does_not()
    {
        var lines = Samples.Table((Samples.Ours, 300), (Samples.Rival, 200), (Samples.Aside, 900)).ToLines().ToList();

        Assert.Contains("| Dymes, DymesClient | fsync at a majority | **300** |", lines);
        Assert.Contains("| etcd | fsync at a majority | 200 |", lines);
        Assert.Contains("| NATS | no fsync | 900 |", lines);
    }

    [Fact]
    public void Clients_of_one_system_are_no_rivals()
    {
        var table = Samples.Table((Samples.Ours, 300), (Samples.OursByWrk, 400));

        Assert.Null(table.BestOf(Samples.Flushed, "16 clients"));
    }

    [Fact]
    public void Less_is_better_where_the_table_says_so()
    {
        var table = new ComparisonTable("Latency", "ms") { IsLessBetter = true };
        table.Add(Samples.Ours, "1 client", [0.8]);
        table.Add(Samples.Rival, "1 client", [1.2]);

        Assert.Equal(Samples.Ours, table.BestOf(Samples.Flushed, "1 client")!.Row);
    }

    [Fact]
    public void A_row_that_has_no_figure_in_a_column_leaves_the_cell_empty()
    {
        var table = Samples.Table((Samples.Ours, 300));
        table.Add(Samples.Rival, "64 clients", [5]);

        Assert.Contains("| Dymes, DymesClient | fsync at a majority | 300 |  |", table.ToLines());
    }

    [Fact]
    public void A_table_without_qualifiers_has_no_column_for_them()
    {
        var table = new ComparisonTable("Restart", "s") { RowTitle = "what", ColumnTitle = "messages" };
        table.Add(new TableRow("restart"), "1,000", [1.5]);

        Assert.Equal(["In s, by messages.", "", "| what | 1,000 |", "|---|--:|", "| restart | 1.50 |"], table.ToLines());
    }
}
