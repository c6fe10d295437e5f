namespace Dymes.Benchmarks.Load;

/// <summary>A cell of a <see cref="ComparisonTable"/>.</summary>
/// <param name="Row">Whose figure it is.</param>
/// <param name="Column">Under which circumstances.</param>
/// <param name="Values">One figure per round.</param>
/// <param name="Lack">Why there is no figure, in a few words; null where there is one.</param>
internal sealed record Comparison(TableRow Row, string Column, IReadOnlyList<double> Values, string? Lack = null)
{
    public double Median => Values.Order().ElementAt(Values.Count / 2);

    /// <summary>The figure for a table in markdown, which may show that nothing beside it is better.</summary>
    public string ToText(bool isBest = false)
    {
        if (Lack is not null)
        {
            return Lack;
        }

        var (median, least, most) = (Measure.Text(Median), Measure.Text(Values.Min()), Measure.Text(Values.Max()));
        var shown = isBest ? $"**{median}**" : median;
        return least == most ? shown : $"{shown} ({least} – {most})";
    }
}
