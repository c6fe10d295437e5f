using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Peers.Standings;

/// <summary>Where Dymes stands under one load, beside the best of those that may be held against it.</summary>
/// <param name="Load">The load.</param>
/// <param name="Class">What Dymes has in common with its rivals.</param>
/// <param name="Unit">The unit of the figures.</param>
/// <param name="Ours">Dymes by the best client of the kind that its rivals have, too.</param>
/// <param name="OursCheaply">Dymes by a client that costs less; null: none was used.</param>
/// <param name="Best">The best rival.</param>
/// <param name="IsLessBetter">Whether the smaller figure is the better one.</param>
internal sealed record Standing(string Load, string Class, string Unit, Comparison Ours, Comparison? OursCheaply, Comparison Best, bool IsLessBetter)
{
    /// <summary>How many times as good Dymes is: below 1 it is behind.</summary>
    public double Ratio => RatioOf(Ours);

    /// <summary>The same by the cheaper client.</summary>
    public double? CheapRatio => OursCheaply is { } cheaply ? RatioOf(cheaply) : null;

    /// <summary>All standings that a table has figures for, class by class.</summary>
    public static IEnumerable<Standing> Of(ComparisonTable table)
    {
        foreach (var rivals in table.Cells.Where(cell => table.IsRanked && cell.Lack is null && cell.Row.Class is not null).GroupBy(cell => (cell.Row.Class, cell.Column)))
        {
            var ours = rivals.Where(cell => cell.Row.IsOurs).ToLookup(cell => cell.Row.IsDrivenCheaply);
            if (table.BestOf(ours[false]) is { } our && table.BestOf(rivals.Where(cell => !cell.Row.IsOurs)) is { } best)
            {
                yield return new Standing($"{table.Title}, {rivals.Key.Column}", rivals.Key.Class!, table.Unit, our, table.BestOf(ours[true]), best, table.IsLessBetter);
            }
        }
    }

    private double RatioOf(Comparison ours) => IsLessBetter ? Best.Median / ours.Median : ours.Median / Best.Median;
}
