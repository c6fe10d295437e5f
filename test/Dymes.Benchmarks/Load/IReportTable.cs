namespace Dymes.Benchmarks.Load;

/// <summary>A table of a report.</summary>
internal interface IReportTable
{
    string Title { get; }

    bool IsEmpty { get; }

    /// <summary>The table in markdown, and what stands around it.</summary>
    IEnumerable<string> ToLines();

    /// <summary>The table as a picture (SVG); null where there is none.</summary>
    string? Draw() => null;
}
