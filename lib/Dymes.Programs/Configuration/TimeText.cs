using System.Globalization;

namespace Dymes.Programs.Configuration;

/// <summary>Lengths of time as people write them in settings and options: <c>500ms</c>, <c>10s</c>, <c>5m</c>, <c>1h</c>, <c>7d</c>.</summary>
public static class TimeText
{
    private static readonly (string Suffix, TimeSpan Unit)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <summary>Reads a whole number with its unit, in upper or lower case; null where the text is none, or more than a <see cref="TimeSpan"/> holds.</summary>
    public static TimeSpan? Parse(string text)
    {
        foreach (var (suffix, unit) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
                && int.TryParse(text.AsSpan(0, text.Length - suffix.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number <= TimeSpan.MaxValue.Ticks / unit.Ticks)
            {
                return unit * number;
            }
        }

        return null;
    }

    /// <summary>Writes a time as <see cref="Parse"/> reads it, in the largest unit that it is a multiple of.</summary>
    public static string Format(TimeSpan time)
    {
        var (suffix, unit) = Units.OrderByDescending(each => each.Unit).First(each => time != TimeSpan.Zero && time.Ticks % each.Unit.Ticks == 0 || each.Suffix == "ms");
        return (time.Ticks / unit.Ticks).ToString(CultureInfo.InvariantCulture) + suffix;
    }
}
