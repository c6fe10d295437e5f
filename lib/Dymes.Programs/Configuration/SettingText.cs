using System.Globalization;

namespace Dymes.Programs.Configuration;

/// <summary>The text forms of settings: numbers, sizes such as <c>256MiB</c>, times such as <c>10s</c> or <c>1h</c>, names of enumerations in lower case, texts, lists of texts.</summary>
internal static class SettingText
{
    /// <summary>What stands between the items of a list of a YAML file. No other value has it, so a list where a single value belongs is refused.</summary>
    public const char YamlListSeparator = '\n';

    private static readonly char[] ListSeparators = [YamlListSeparator, ',', ' '];

    private static readonly (string Suffix, long Factor)[] Sizes = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("", 1)];

    /// <summary>Reads a value of a type; null where the text is none.</summary>
    public static object? Parse(string text, Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse(type, name) : null;
        }

        if (type == typeof(string[]))
        {
            return text.Split(ListSeparators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => text.Length == 0 || text.Contains(YamlListSeparator) ? null : text,
            TypeCode.Boolean => bool.TryParse(text, out var truth) ? truth : null,
            TypeCode.Int32 => Size(text) is { } size and >= int.MinValue and <= int.MaxValue ? (int)size : null,
            TypeCode.Int64 => Size(text),
            _ => TimeText.Parse(text),
        };
    }

    /// <summary>Writes a value as <see cref="Parse"/> reads it.</summary>
    public static string Format(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        Enum name => char.ToLowerInvariant(name.ToString()[0]) + name.ToString()[1..],
        long size => Scaled(size),
        TimeSpan time => TimeText.Format(time),
        string[] items => string.Join(',', items),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>What a type's values look like, for a refusal.</summary>
    public static string Describe(Type type) => type == typeof(string[])
        ? "a list of texts without spaces, with commas between"
        : type.IsEnum
        ? "one of " + string.Join(", ", Enum.GetValues(type).Cast<object>().Select(Format))
        : Type.GetTypeCode(type) switch
        {
            TypeCode.String => "a text that is not empty",
            TypeCode.Boolean => "true or false",
            TypeCode.Int32 => "a whole number",
            TypeCode.Int64 => "a number of bytes such as 65536, 64KiB or 256MiB",
            _ => "a time such as 500ms, 10s, 5m or 1h",
        };

    private static long? Size(string text)
    {
        var (suffix, factor) = Sizes.First(unit => text.EndsWith(unit.Suffix, StringComparison.OrdinalIgnoreCase));
        return long.TryParse(text.AsSpan(0, text.Length - suffix.Length).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && Math.Abs((decimal)number * factor) <= long.MaxValue
            ? number * factor
            : null;
    }

    private static string Scaled(long size)
    {
        var (suffix, factor) = Sizes.First(unit => size != 0 && size % unit.Factor == 0 || unit.Factor == 1);
        return (size / factor).ToString(CultureInfo.InvariantCulture) + suffix;
    }
}
