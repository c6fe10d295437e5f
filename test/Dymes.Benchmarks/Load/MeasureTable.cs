namespace Dymes.Benchmarks.Load;

/// <summary>A figure a row.</summary>
internal sealed class MeasureTable(string title) : IReportTable
{
    public string Title => title;

    public bool IsEmpty => Measures.Count == 0;

    public List<Measure> Measures { get; } = [];

    public IEnumerable<string> ToLines() => ["| what | median | range | unit | note |", "|---|--:|--:|---|---|", .. Measures.Select(measure => measure.ToRow())];
}
