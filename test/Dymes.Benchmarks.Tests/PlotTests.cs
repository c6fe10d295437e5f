using System.Globalization;
using System.Xml.Linq;
using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Peers.Standings;
using Dymes.Benchmarks.Plots;

namespace Dymes.Benchmarks.Tests;

public sealed class PlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_bar_is_as_long_as_its_figure_says()
    {
        var picture = Draw(new Bars(), Samples.Table((Samples.Ours, 400), (Samples.Rival, 100)));

        Assert.Equal(4, WidthOf(BarsOf(picture, Palette.Ours).Single()) / WidthOf(BarsOf(picture, Palette.Rival).Single()), precision: 1);
    }

    [Fact]
    public void Who_is_not_held_against_Dymes_is_pale() =>
        Assert.Single(BarsOf(Draw(new Bars(), Samples.Table((Samples.Ours, 400), (Samples.Aside, 100))), Palette.Aside));

    [Fact]
    public void A_cell_without_a_figure_has_no_bar()
    {
        var table = Samples.Table((Samples.Ours, 400));
        table.Add(Samples.Rival, "16 clients", [], "failed");
        var picture = Draw(new Bars(), table);

        Assert.Empty(BarsOf(picture, Palette.Rival));
        Assert.Contains("–", TextsOf(picture));
    }

    [Fact]
    public void A_table_without_figures_is_not_drawn()
    {
        var table = new ComparisonTable("Singles", "s");
        table.Add(Samples.Rival, "16 clients", [], "failed");

        Assert.Null(new Bars().Draw(table));
        Assert.Null(new Curves().Draw(table));
    }

    [Fact]
    public void What_means_something_in_XML_is_text_in_a_picture()
    {
        var table = new ComparisonTable("<a> & \"b\"", "s");
        table.Add(new TableRow("<row>"), "<10 ms", [1]);

        Assert.Superset(new HashSet<string> { "<row>", "<10 ms" }, TextsOf(Draw(new Bars(), table)).ToHashSet());
    }

    [Fact]
    public void What_does_not_grow_is_level_and_what_grows_climbs()
    {
        var table = new ComparisonTable("Growth", "ms");
        foreach (var size in new[] { 1_000, 10_000, 100_000 })
        {
            table.Add(new TableRow("flat"), size.ToString("N0", CultureInfo.InvariantCulture), [5]);
            table.Add(new TableRow("even"), size.ToString("N0", CultureInfo.InvariantCulture), [size]);
        }

        var heights = Draw(new Curves(), table).Descendants(Svg + "polyline")
            .Select(line => line.Attribute("points")!.Value.Split(' ').Select(point => double.Parse(point.Split(',')[1], CultureInfo.InvariantCulture)).ToList()).ToList();

        Assert.Single(heights[0].Distinct());
        Assert.Equal(heights[1].OrderDescending(), heights[1]); // a picture's y grows downwards
        Assert.Equal(heights[1][0] - heights[1][1], heights[1][1] - heights[1][2], tolerance: 0.2);
    }

    [Fact]
    public void A_standing_points_to_the_side_of_who_is_ahead()
    {
        var ahead = DrawStanding(ours: 400, rival: 200);
        var behind = DrawStanding(ours: 100, rival: 200);

        Assert.Equal(WidthOf(BarsOf(ahead, Palette.Ours).Single()), WidthOf(BarsOf(behind, Palette.Behind).Single()), tolerance: 0.2); // twice and half are as far from even
        Assert.Contains("2.0× etcd", TextsOf(ahead));
        Assert.Contains("0.50× etcd", TextsOf(behind));
    }

    private static XDocument DrawStanding(double ours, double rival) =>
        XDocument.Parse(new StandingPlot("Standing", [.. Standing.Of(Samples.Table((Samples.Ours, ours), (Samples.Rival, rival)))]).Draw()!);

    private static XDocument Draw(IPlot plot, ComparisonTable table) => XDocument.Parse(plot.Draw(table)!);

    private static IEnumerable<XElement> BarsOf(XDocument picture, string color) => picture.Descendants(Svg + "rect").Where(bar => bar.Attribute("fill")!.Value == color);

    private static double WidthOf(XElement bar) => double.Parse(bar.Attribute("width")!.Value, CultureInfo.InvariantCulture);

    private static IEnumerable<string> TextsOf(XDocument picture) => picture.Descendants(Svg + "text").Select(text => text.Value);
}
