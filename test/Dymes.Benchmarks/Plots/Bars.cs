using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Plots;

/// <summary>A panel of bars for each column, a bar for each row; the color is the row's qualifier. A thin line spans the rounds.</summary>
internal sealed class Bars : IPlot
{
    private const double Margin = 16;
    private const double LabelWidth = 250;
    private const double PanelWidth = 250;
    private const double PanelGap = 14;
    private const double NumberWidth = 56;
    private const double RowHeight = 20;
    private const double BarHeight = 13;
    private const double HeadHeight = 64;
    private const double LegendHeight = 20;

    public string? Draw(ComparisonTable table)
    {
        var (columns, rows) = (table.Columns, table.Rows);
        if (table.Cells.All(cell => cell.Lack is not null))
        {
            return null;
        }

        var qualifiers = rows.Select(row => row.Qualifier).Distinct().ToList();
        var height = HeadHeight + (rows.Count * RowHeight) + ((qualifiers.Count + 1) * LegendHeight) + (2 * Margin);
        var svg = new Svg((2 * Margin) + LabelWidth + (columns.Count * (PanelWidth + PanelGap)), height);
        svg.Text(Margin, Margin + 14, $"{table.Title} ({table.Unit})", weight: "bold");
        foreach (var (number, row) in rows.Index())
        {
            svg.Text(Margin + LabelWidth - 8, TopOf(number) + BarHeight - 2, row.Row, "end", weight: row.Row.StartsWith("Dymes", StringComparison.Ordinal) ? "bold" : "normal");
        }

        foreach (var (number, column) in columns.Index())
        {
            DrawPanel(svg, table, column, Margin + LabelWidth + (number * (PanelWidth + PanelGap)), qualifiers);
        }

        foreach (var (number, qualifier) in qualifiers.Index())
        {
            var y = HeadHeight + (rows.Count * RowHeight) + ((number + 1) * LegendHeight);
            svg.Rectangle(Margin + LabelWidth, y, BarHeight, BarHeight, Palette.Of(number));
            svg.Text(Margin + LabelWidth + BarHeight + 8, y + BarHeight - 2, qualifier);
        }

        return svg.ToString();
    }

    private static double TopOf(int row) => HeadHeight + (row * RowHeight);

    private static void DrawPanel(Svg svg, ComparisonTable table, string column, double left, List<string> qualifiers)
    {
        svg.Text(left, HeadHeight - 12, column, color: Palette.Faint);
        svg.Line(left, HeadHeight - 4, left, TopOf(table.Rows.Count), Palette.Faint);
        var cells = table.Cells.Where(cell => cell.Column == column).ToDictionary(cell => cell.Row);
        var axis = Axis.Linear(cells.Values.Where(cell => cell.Lack is null).Select(cell => cell.Values.Max()).DefaultIfEmpty(1).Max());
        foreach (var (number, (row, qualifier)) in table.Rows.Index())
        {
            if (!cells.TryGetValue(row, out var cell))
            {
                continue;
            }

            var (top, middle) = (TopOf(number), TopOf(number) + (BarHeight / 2));
            if (cell.Lack is not null)
            {
                svg.Text(left + 6, top + BarHeight - 2, "–", color: Palette.Faint);
                continue;
            }

            svg.Rectangle(left, top, LengthOf(cell.Median), BarHeight, Palette.Of(qualifiers.IndexOf(qualifier)));
            svg.Line(left + LengthOf(cell.Values.Min()), middle, left + LengthOf(cell.Values.Max()), middle, Palette.Ink);
            svg.Text(left + LengthOf(cell.Values.Max()) + 5, top + BarHeight - 2, Axis.Text(cell.Median));
        }

        double LengthOf(double value) => axis.PlaceOf(value) * (PanelWidth - NumberWidth);
    }
}
