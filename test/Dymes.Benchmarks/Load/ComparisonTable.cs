using Dymes.Benchmarks.Plots;

namespace Dymes.Benchmarks.Load;

/// <summary>Contestants side by side: one a row, circumstances as columns, one unit for all.</summary>
/// <param name="title">What was measured.</param>
/// <param name="unit">The unit of all figures.</param>
/// <param name="note">What a reader must know of these figures.</param>
internal sealed class ComparisonTable(string title, string unit, string note) : IReportTable
{
    private readonly List<(string Row, string Qualifier)> _rows = [];
    private readonly List<Comparison> _cells = [];

    public string Title => title;

    public string Unit => unit;

    /// <summary>What a row is.</summary>
    public string RowTitle { get; init; } = "system";

    /// <summary>What else stands in each row, where there is something.</summary>
    public string QualifierTitle { get; init; } = "durability";

    /// <summary>What the columns are, where they are numbers.</summary>
    public string ColumnTitle { get; init; } = "";

    /// <summary>How it is shown as a picture; null: not at all.</summary>
    public IPlot? Plot { get; init; }

    public bool IsEmpty => _cells.Count == 0;

    public IReadOnlyList<Comparison> Cells => _cells;

    public IReadOnlyList<string> Columns => [.. _cells.Select(cell => cell.Column).Distinct()];

    /// <summary>The contestants, each with what else names its row, such as its durability.</summary>
    public IReadOnlyList<(string Row, string Qualifier)> Rows => _rows;

    public void Add(string qualifier, Comparison cell)
    {
        if (_rows.All(row => row.Row != cell.Row))
        {
            _rows.Add((cell.Row, qualifier));
        }

        _cells.Add(cell);
        Console.WriteLine($"{title}: {cell.Row}, {cell.Column}: {cell} {(cell.Lack is null ? unit : "")}");
    }

    public IEnumerable<string> ToLines()
    {
        yield return $"In {unit}{(ColumnTitle.Length == 0 ? "" : $", by {ColumnTitle}")}. {note}".TrimEnd();
        yield return "";
        var isQualified = _rows.Any(row => row.Qualifier.Length > 0);
        yield return $"| {RowTitle} |{(isQualified ? $" {QualifierTitle} |" : "")} {string.Join(" | ", Columns)} |";
        yield return $"|---|{(isQualified ? "---|" : "")}{string.Concat(Columns.Select(_ => "--:|"))}";
        foreach (var (row, qualifier) in _rows)
        {
            var cells = Columns.Select(column => _cells.FirstOrDefault(cell => cell.Row == row && cell.Column == column)?.ToString() ?? "");
            yield return $"| {row} |{(isQualified ? $" {qualifier} |" : "")} {string.Join(" | ", cells)} |";
        }
    }
}
