using Dymes.Benchmarks.Plots;

namespace Dymes.Benchmarks.Peers.Standings;

/// <summary>A bar for each load, from the line where both are even: to the right as far as Dymes is ahead, to the left as far as it is behind. The scale is logarithmic, so twice and half are as long.</summary>
internal sealed class StandingPlot(string title, IReadOnlyList<Standing> standings)
{
    private const double LabelWidth = 300;
    private const double PlotWidth = 460;
    private const double NumberWidth = 150;
    private const double Margin = 16;
    private const double RowHeight = 18;
    private const double BarHeight = 12;
    private const double HeadHeight = 56;
    private const double ClassHeight = 34;
    private static readonly double[] TicksOffered = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

    public string? Draw()
    {
        if (standings.Count == 0)
        {
            return null;
        }

        var classes = standings.GroupBy(standing => standing.Class).ToList();
        var bottom = HeadHeight + (classes.Count * ClassHeight) + (standings.Count * RowHeight);
        var svg = new Svg((2 * Margin) + LabelWidth + PlotWidth + NumberWidth, bottom + 30);
        svg.Heading(Margin, Margin + 14, $"{title}: how many times as good as the best rival");
        var (least, most) = (TicksOffered.Last(tick => tick <= Math.Max(0.01, Math.Min(0.5, Shown.Min()))), TicksOffered.First(tick => tick >= Math.Min(1000, Math.Max(2, Shown.Max()))));
        foreach (var tick in TicksOffered.Where(tick => tick >= least && tick <= most))
        {
            svg.Line(PlaceOf(tick), HeadHeight - 8, PlaceOf(tick), bottom, tick == 1 ? Palette.Ink : Palette.Grid);
            svg.Text(PlaceOf(tick), HeadHeight - 14, $"{Axis.Text(tick)}×", "middle", Palette.Faint);
        }

        var top = HeadHeight;
        foreach (var ofClass in classes)
        {
            svg.Text(Margin, top + 22, ofClass.Key, weight: "bold");
            top += ClassHeight;
            foreach (var standing in ofClass)
            {
                DrawBar(svg, standing, top);
                top += RowHeight;
            }
        }

        svg.Text(Margin + LabelWidth, bottom + 18, "A ring: by a client that costs less than those of the others (wrk; frames that are not checked).", color: Palette.Faint);
        return svg.ToString();

        void DrawBar(Svg picture, Standing standing, double y)
        {
            var (even, end) = (PlaceOf(1), PlaceOf(standing.Ratio));
            picture.Text(Margin + LabelWidth - 8, y + BarHeight - 2, standing.Load, "end");
            picture.Rectangle(Math.Min(even, end), y, Math.Abs(end - even), BarHeight, standing.Ratio >= 1 ? Palette.Ours : Palette.Behind);
            if (standing.CheapRatio is { } cheaply)
            {
                picture.Ring(PlaceOf(cheaply), y + (BarHeight / 2), Palette.Ink);
            }

            var right = Math.Max(even, Math.Max(end, standing.CheapRatio is { } far ? PlaceOf(far) + 5 : 0));
            picture.Text(right + 6, y + BarHeight - 2, $"{StandingTable.Times(standing.Ratio)} {standing.Best.Row.System}", color: Palette.Faint);
        }

        double PlaceOf(double ratio) => Margin + LabelWidth + (PlotWidth * Math.Log(Math.Clamp(ratio, least, most) / least) / Math.Log(most / least));
    }

    private IEnumerable<double> Shown => standings.SelectMany(standing => standing.CheapRatio is { } cheaply ? new[] { standing.Ratio, cheaply } : [standing.Ratio]);
}
