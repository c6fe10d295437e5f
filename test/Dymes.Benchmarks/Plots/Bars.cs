using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Plots;

/// <summary>A panel of bars for each column, a bar for each row, rows of one class together. A thin line spans the rounds. The scale is that of the classes with Dymes in them; where another bar is longer, it is torn.</summary>
internal sealed class Bars : IPlot
{
    private const double Margin = 16;
    private const double LabelWidth = 270;
    private const double PanelWidth = 250;
    private const double PanelGap = 14;
    private const double NumberWidth = 56;
    private const double RowHeight = 19;
    private const double BarHeight = 13;
    private const double TearWidth = 12;
    private const double HeadHeight = 56;
    private const double ClassHeight = 26;

    public string? Draw(ComparisonTable table)
    {
        if (table.Cells.All(cell => cell.Lack is not null))
        {
            return null;
        }

        var classes = table.Rows.GroupBy(row => row.Class).ToList();
        var bottom = HeadHeight + (classes.Count * ClassHeight) + (table.Rows.Count * RowHeight);
        var svg = new Svg((2 * Margin) + LabelWidth + (table.Columns.Count * (PanelWidth + PanelGap)), bottom + Margin);
        svg.Text(Margin, Margin + 14, $"{table.Title} ({table.Unit}; {(table.IsLessBetter ? "less" : "more")} is better)", weight: "bold");
        var panels = table.Columns.Select((column, number) => new Panel(table, column, Margin + LabelWidth + (number * (PanelWidth + PanelGap)))).ToList();
        foreach (var panel in panels)
        {
            svg.Text(panel.Left, HeadHeight - 6, panel.Column, color: Palette.Faint);
        }

        var top = HeadHeight;
        foreach (var ofClass in classes)
        {
            svg.Text(Margin, top + 17, ofClass.Key ?? "", color: Palette.Faint);
            top += ClassHeight;
            panels.ForEach(panel => svg.Line(panel.Left, top - 3, panel.Left, top + (ofClass.Count() * RowHeight) - 3, Palette.Faint));
            var isContested = ofClass.Any(row => row.IsOurs);
            foreach (var row in ofClass)
            {
                svg.Text(Margin + LabelWidth - 8, top + BarHeight - 2, row.Name, "end", weight: row.IsOurs ? "bold" : "normal");
                panels.ForEach(panel => panel.DrawBar(svg, row, top, row.IsOurs ? Palette.Ours : isContested ? Palette.Rival : Palette.Aside));
                top += RowHeight;
            }
        }

        return svg.ToString();
    }

    /// <summary>The bars of a column, on a scale of their own.</summary>
    private sealed class Panel
    {
        private readonly Dictionary<TableRow, Comparison> _cells;
        private readonly Axis _axis;

        public Panel(ComparisonTable table, string column, double left)
        {
            (Column, Left) = (column, left);
            _cells = table.Cells.Where(cell => cell.Column == column).ToDictionary(cell => cell.Row);
            var contested = table.Rows.Where(row => row.IsOurs).Select(row => row.Class).ToHashSet();
            var figures = _cells.Values.Where(cell => cell.Lack is null).ToLookup(cell => contested.Contains(cell.Row.Class), cell => cell.Values.Max());
            _axis = Axis.Linear((figures[true].Any() ? figures[true] : figures[false]).DefaultIfEmpty(1).Max());
        }

        public string Column { get; }

        public double Left { get; }

        public void DrawBar(Svg svg, TableRow row, double top, string color)
        {
            if (!_cells.TryGetValue(row, out var cell))
            {
                return;
            }

            if (cell.Lack is not null)
            {
                svg.Text(Left + 6, top + BarHeight - 2, "–", color: Palette.Faint);
                return;
            }

            var (least, most) = (Left + LengthOf(cell.Values.Min()), Left + LengthOf(cell.Values.Max()));
            svg.Rectangle(Left, top, LengthOf(cell.Median), BarHeight, color);
            svg.Line(least, top + (BarHeight / 2), most, top + (BarHeight / 2), Palette.Ink);
            if (_axis.PlaceOf(cell.Median) > 1)
            {
                svg.Rectangle(most - TearWidth, top, TearWidth / 3, BarHeight, Palette.Paper);
            }

            svg.Text(most + 5, top + BarHeight - 2, Axis.Text(cell.Median));
        }

        private double LengthOf(double value) => Math.Min(_axis.PlaceOf(value), 1) * (PanelWidth - NumberWidth);
    }
}
