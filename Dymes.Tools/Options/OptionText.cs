using System.Globalization;
using Dymes.Common;
using Dymes.Message;
using Dymes.Programs.Configuration;

namespace Dymes.Tools.Options;

/// <summary>Reads the texts of options, and says which one is wrong.</summary>
internal static class OptionText
{
    private const double SecondsMax = 86_400;

    public static MessageId Id(string text, string option) => MessageId.TryParse(text, out var id)
        ? id
        : throw Invalid(option, $"\"{text}\" is no id; a ULID has 26 characters of Crockford's base32.");

    public static UInt128 Number(string text, string option) => Number128.TryParse(text, out var number)
        ? number
        : throw Invalid(option, $"\"{text}\" is no number of at most 128 bits; write 12, 0xff, 0b1010 or 0o17.");

    public static (ChannelId Channel, string? Name) Channel(string text, string option) => ChannelId.TryParse(text, out var channel, out var name)
        ? (channel, name)
        : throw Invalid(option, $"\"{text}\" is no channel; write a number of at most 128 bits, or a name of 1 to {MessageLimits.ChannelNameBytesMax} bytes.");

    public static Lsn Position(ulong value, string option) => value <= Lsn.Max.Value
        ? new Lsn(value)
        : throw Invalid(option, $"{value} is no position; it must be 0 to {Lsn.Max}.");

    public static int InRange(int value, int min, int max, string option) => value >= min && value <= max
        ? value
        : throw Invalid(option, $"{option} is {value}; it must be {min} to {max}.");

    /// <summary>A length of time of at most a day: seconds, or a number with its unit, as in a file of settings.</summary>
    public static TimeSpan Time(string text, string option)
    {
        var time = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? seconds is >= 0 and <= SecondsMax ? TimeSpan.FromSeconds(seconds) : null
            : TimeText.Parse(text);
        return time is { TotalSeconds: <= SecondsMax } known
            ? known
            : throw Invalid(option, $"\"{text}\" is no time of at most a day; write seconds, or a number with its unit: 500ms, 10s, 5m, 1h.");
    }

    public static DymesException Invalid(string option, string message) => new(ErrorCode.InvalidArgument, message) { Field = option };
}
