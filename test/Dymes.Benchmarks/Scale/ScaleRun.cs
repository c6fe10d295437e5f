using System.Globalization;
using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Plots;

namespace Dymes.Benchmarks.Scale;

/// <summary>One part of a run, and where its figures go.</summary>
internal sealed record ScaleRun(BenchOptions Options, Report Report, RunProgress Progress, CancellationToken Stop)
{
    /// <summary>A table whose columns are sizes.</summary>
    public ComparisonTable AddTable(string title, string unit, string by, string note = "", IPlot? plot = null) =>
        Report.Add(new ComparisonTable(title, unit, note) { RowTitle = "what", ColumnTitle = by, Plot = plot });

    /// <summary>A size as the title of a column.</summary>
    public static string ColumnOf(long size) => size.ToString("N0", CultureInfo.InvariantCulture);
}
