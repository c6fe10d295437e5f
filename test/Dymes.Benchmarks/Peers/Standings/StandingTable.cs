using System.Globalization;
using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Peers.Standings;

/// <summary>Where Dymes stands, in one table over all others: who is ahead, and how far. Computed from what they hold when it is written.</summary>
internal sealed class StandingTable(Func<IEnumerable<ComparisonTable>> tables) : IReportTable
{
    // Two figures of one system differ by so much from round to round.
    private const double Even = 1.1;

    public string Title => "Where Dymes stands";

    public bool IsEmpty => Standings.Count == 0;

    private List<Standing> Standings => [.. tables().Where(table => table.IsSummed).SelectMany(Standing.Of)];

    public IEnumerable<string> ToLines()
    {
        yield return "Dymes beside the best of its rivals, which have as many nodes and, where messages are appended, promise as much by an acknowledgement. The ratio says how many times as good Dymes is, by rate, time, memory or disk; below 1 it is behind. "
            + "Its client is a .NET library, as that of all others is. What it does by a cheaper client is told apart: appends by `wrk`, frames that are counted and not checked.";
        foreach (var ofClass in Standings.GroupBy(standing => standing.Class))
        {
            yield return "";
            yield return $"### {ofClass.Key}";
            yield return "";
            yield return SummaryOf([.. ofClass]);
            yield return "";
            yield return "| load | Dymes | best rival | | ratio | by a cheaper client | ratio |";
            yield return "|---|--:|--:|---|--:|--:|--:|";
            foreach (var standing in ofClass)
            {
                yield return $"| {standing.Load} | {TextOf(standing.Ours)} {standing.Unit} | {TextOf(standing.Best)} | {standing.Best.Row.Name} | **{Times(standing.Ratio)}** | "
                    + (standing is { OursCheaply: { } cheaply, CheapRatio: { } ratio } ? $"{TextOf(cheaply)} | **{Times(ratio)}** |" : "| |");
            }
        }
    }

    public string? Draw() => new StandingPlot(Title, Standings).Draw();

    private static string SummaryOf(IReadOnlyList<Standing> standings)
    {
        var ahead = standings.Count(standing => standing.Ratio > Even);
        var behind = standings.Where(standing => standing.Ratio < 1 / Even).OrderBy(standing => standing.Ratio).ToList();
        var middle = standings.Select(standing => standing.Ratio).Order().ElementAt(standings.Count / 2);
        return $"Ahead in {ahead} of {standings.Count}, even (within {Even - 1:p0}) in {standings.Count - ahead - behind.Count}, at the median {Times(middle)} the best rival. "
            + (behind.Count == 0 ? "Behind in none." : $"Behind in {behind.Count}: {string.Join("; ", behind.Select(standing => $"{standing.Load} ({Times(standing.Ratio)}, {standing.Best.Row.Name})"))}.");
    }

    private static string TextOf(Comparison cell) => Measure.Text(cell.Median);

    /// <summary>A ratio as it is spoken of.</summary>
    public static string Times(double ratio) => ratio.ToString(ratio >= 10 ? "0" : ratio >= 1 ? "0.0" : "0.00", CultureInfo.InvariantCulture) + "×";
}
