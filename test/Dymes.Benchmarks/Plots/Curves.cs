using System.Globalization;
using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Plots;

/// <summary>A curve for each row over the columns, which are numbers. Both axes are logarithmic: what does not grow is level, what grows evenly climbs at the same angle everywhere.</summary>
internal sealed class Curves : IPlot
{
    private const double Width = 760;
    private const double PlotHeight = 320;
    private const double Left = 76;
    private const double Right = 24;
    private const double Top = 44;
    private const double Bottom = 52;
    private const double LegendHeight = 20;

    public string? Draw(ComparisonTable table)
    {
        var cells = table.Cells.Where(cell => cell.Lack is null && cell.Median > 0).ToList();
        if (cells.Count == 0)
        {
            return null;
        }

        var across = Axis.Logarithmic([.. cells.Select(XOf)]);
        var up = Axis.Logarithmic([.. cells.Select(cell => cell.Median)]);
        var svg = new Svg(Width, Top + PlotHeight + Bottom + (table.Rows.Count * LegendHeight));
        svg.Heading(Left, Top - 20, $"{table.Title} ({table.Unit})");
        foreach (var tick in up.Ticks)
        {
            svg.Line(Left, PlaceUp(tick), Width - Right, PlaceUp(tick), Palette.Grid);
            svg.Text(Left - 8, PlaceUp(tick) + 4, Axis.Text(tick), "end");
        }

        foreach (var tick in across.Ticks)
        {
            svg.Line(PlaceAcross(tick), Top, PlaceAcross(tick), Top + PlotHeight, Palette.Grid);
            svg.Text(PlaceAcross(tick), Top + PlotHeight + 18, Axis.Text(tick), "middle");
        }

        svg.Text((Left + Width - Right) / 2, Top + PlotHeight + 38, table.ColumnTitle, "middle", Palette.Faint);
        foreach (var (number, row) in table.Rows.Index())
        {
            var points = cells.Where(cell => cell.Row == row).OrderBy(XOf).Select(cell => (X: PlaceAcross(XOf(cell)), Y: PlaceUp(cell.Median))).ToList();
            svg.Path(points, Palette.Of(number));
            points.ForEach(point => svg.Dot(point.X, point.Y, Palette.Of(number)));
            var y = Top + PlotHeight + Bottom + (number * LegendHeight);
            svg.Line(Left, y, Left + 24, y, Palette.Of(number), 2);
            svg.Text(Left + 32, y + 4, row.Qualifier.Length == 0 ? row.Name : $"{row.Name}, {row.Qualifier}");
        }

        return svg.ToString();

        double PlaceAcross(double x) => Left + (across.PlaceOf(x) * (Width - Left - Right));
        double PlaceUp(double y) => Top + ((1 - up.PlaceOf(y)) * PlotHeight);
    }

    private static double XOf(Comparison cell) => double.Parse(cell.Column, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
