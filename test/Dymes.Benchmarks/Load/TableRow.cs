namespace Dymes.Benchmarks.Load;

/// <summary>Who stands in a row of a <see cref="ComparisonTable"/>.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Qualifier">What else names the row, such as its durability; it may be nothing.</param>
internal sealed record TableRow(string Name, string Qualifier = "")
{
    /// <summary>What it has in common with the rows that it is held against; null: with none.</summary>
    public string? Class { get; init; }

    /// <summary>The system, whichever its client: rows of one system are no rivals.</summary>
    public string System { get; init; } = Name;

    /// <summary>Whether it is Dymes.</summary>
    public bool IsOurs { get; init; }

    /// <summary>Whether its load came from a client that costs less than what all others are driven by.</summary>
    public bool IsDrivenCheaply { get; init; }
}
