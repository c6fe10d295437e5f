using System.Diagnostics.Metrics;
using System.Text;

namespace Dymes.Hosting.Metering;

/// <summary>The Prometheus name of an instrument: <c>dymes_</c>, words in lower case with underscores, <c>_total</c> behind counters.</summary>
internal static class MetricName
{
    private const string Prefix = "dymes_";

    public static string Of(Instrument instrument, bool isCounter)
    {
        var words = Words(instrument.Name);
        var name = words.StartsWith(Prefix, StringComparison.Ordinal) ? words : Prefix + words;
        return isCounter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    public static string Words(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            words.Append(char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '_');
        }

        return words.ToString();
    }
}
