using Dymes.Benchmarks.Plots;

namespace Dymes.Benchmarks.Load;

/// <summary>Contestants side by side: one a row, circumstances as columns, one unit for all.</summary>
/// <param name="title">What was measured.</param>
/// <param name="unit">The unit of all figures.</param>
/// <param name="note">What a reader must know of these figures.</param>
internal sealed class ComparisonTable(string title, string unit, string note = "") : IReportTable
{
    private readonly List<TableRow> _rows = [];
    private readonly List<Comparison> _cells = [];

    public string Title => title;

    public string Unit => unit;

    /// <summary>What a row is.</summary>
    public string RowTitle { get; init; } = "system";

    /// <summary>What else stands in each row, where there is something.</summary>
    public string QualifierTitle { get; init; } = "durability";

    /// <summary>What the columns are, where they are numbers.</summary>
    public string ColumnTitle { get; init; } = "";

    /// <summary>Whether the smaller of two figures is the better one.</summary>
    public bool IsLessBetter { get; init; }

    /// <summary>Whether the figures say who is ahead; false where they only explain others.</summary>
    public bool IsRanked { get; init; } = true;

    /// <summary>Whether a summary over many tables takes it in; false where another table says the same by other figures.</summary>
    public bool IsSummed { get; init; } = true;

    /// <summary>How it is shown as a picture; null: not at all.</summary>
    public IPlot? Plot { get; init; }

    public bool IsEmpty => _cells.Count == 0;

    public IReadOnlyList<Comparison> Cells => _cells;

    public IReadOnlyList<string> Columns => [.. _cells.Select(cell => cell.Column).Distinct()];

    public IReadOnlyList<TableRow> Rows => _rows;

    public void Add(TableRow row, string column, IReadOnlyList<double> values, string? lack = null)
    {
        if (!_rows.Contains(row))
        {
            _rows.Add(row);
        }

        var cell = new Comparison(row, column, values, lack);
        _cells.Add(cell);
        Console.WriteLine($"{title}: {row.Name}, {column}: {cell.ToText()} {(lack is null ? unit : "")}");
    }

    /// <summary>The best figure of those that may be held against each other, where some system has a rival.</summary>
    public Comparison? BestOf(string? rowClass, string column)
    {
        var rivals = _cells.Where(cell => cell.Row.Class == rowClass && rowClass is not null && cell.Column == column && cell.Lack is null).ToList();
        return IsRanked && rivals.Select(rival => rival.Row.System).Distinct().Count() > 1 ? BestOf(rivals) : null;
    }

    /// <summary>The best of some figures; null where there is none.</summary>
    public Comparison? BestOf(IEnumerable<Comparison> cells) => IsLessBetter ? cells.MinBy(cell => cell.Median) : cells.MaxBy(cell => cell.Median);

    public string? Draw() => Plot?.Draw(this);

    public IEnumerable<string> ToLines()
    {
        yield return $"In {unit}{(ColumnTitle.Length == 0 ? "" : $", by {ColumnTitle}")}. {note}".TrimEnd();
        yield return "";
        var isQualified = _rows.Any(row => row.Qualifier.Length > 0);
        yield return $"| {RowTitle} |{(isQualified ? $" {QualifierTitle} |" : "")} {string.Join(" | ", Columns)} |";
        yield return $"|---|{(isQualified ? "---|" : "")}{string.Concat(Columns.Select(_ => "--:|"))}";
        foreach (var row in _rows)
        {
            var cells = Columns.Select(column => _cells.FirstOrDefault(cell => cell.Row == row && cell.Column == column) is { } cell ? cell.ToText(cell == BestOf(row.Class, column)) : "");
            yield return $"| {row.Name} |{(isQualified ? $" {row.Qualifier} |" : "")} {string.Join(" | ", cells)} |";
        }
    }
}
