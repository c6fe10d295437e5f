using System.Globalization;

namespace Dymes.Tools.Terminal;

/// <summary>Numbers of bytes as people read and write them.</summary>
internal static class ByteSize
{
    private const double Step = 1024;
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    public static string Format(double bytes)
    {
        var unit = 0;
        while (bytes >= Step && unit < Units.Length - 1)
        {
            bytes /= Step;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture)} {Units[unit]}");
    }

    /// <summary>Reads a number with or without k, m or g for powers of 1024.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        var factor = text.Length == 0 ? 1 : char.ToLowerInvariant(text[^1]) switch { 'k' => 1L << 10, 'm' => 1L << 20, 'g' => 1L << 30, _ => 1 };
        var digits = factor == 1 ? text : text[..^1];
        var parsed = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue / factor;
        bytes = parsed ? number * factor : 0;
        return parsed;
    }
}
