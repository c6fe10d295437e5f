using System.Globalization;

namespace Dymes.Benchmarks.Load;

/// <summary>A figure, measured a few times in one run of the harness.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">The figures' unit, such as <c>messages/s</c>.</param>
/// <param name="Values">One figure per round.</param>
/// <param name="Note">What else to know: latencies, a ratio, errors.</param>
internal sealed record Measure(string Name, string Unit, IReadOnlyList<double> Values, string Note = "")
{
    public double Median => Values.Order().ElementAt(Values.Count / 2);

    public string ToRow() => $"| {Name} | {Text(Median)} | {Text(Values.Min())} – {Text(Values.Max())} | {Unit} | {Note} |";

    /// <summary>A number with as many digits as it is worth.</summary>
    public static string Text(double number) => number.ToString(number >= 100 ? "N0" : number >= 10 ? "N1" : "N2", CultureInfo.InvariantCulture);
}
