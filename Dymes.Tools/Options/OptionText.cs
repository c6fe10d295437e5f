using Dymes.Common;
using Dymes.Message;

namespace Dymes.Tools.Options;

/// <summary>Reads the texts of options, and says which one is wrong.</summary>
internal static class OptionText
{
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

    public static DymesException Invalid(string option, string message) => new(ErrorCode.InvalidArgument, message) { Field = option };
}
