using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Plots;

/// <summary>A way to show a table as a picture.</summary>
internal interface IPlot
{
    /// <summary>The table as SVG, or null where it has nothing to show.</summary>
    string? Draw(ComparisonTable table);
}
