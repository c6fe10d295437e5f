using System.Text;
using Dymes.Message.Log;

namespace Dymes.Message;

/// <summary>Checks an entry of the log's own where a message brings it along: from another log, or from a client that builds its frames itself. What cannot have come from a log is refused.</summary>
internal static class ReservedEntry
{
    /// <summary>What is wrong with an entry; null where nothing is.</summary>
    public static string? FaultOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual(ReservedKeys.ChannelName))
        {
            return IsName(value) ? null : $"The entry dymes:channel holds no name of a channel: a name has 1 to {MessageLimits.ChannelNameBytesMax} bytes and is no number.";
        }

        if (key.SequenceEqual(ReservedKeys.IdempotencyKey))
        {
            return IdempotencyMark.IsValid(value) ? null : "The entry dymes:idempotency is no mark of an idempotency key: a number of messages, a colon, the key.";
        }

        return $"There is no entry {Encoding.UTF8.GetString(key)}. Keys that begin with dymes: are the log's own; if a newer version set it, import into a node of that version.";
    }

    private static bool IsName(ReadOnlySpan<byte> value) =>
        value.Length is > 0 and <= MessageLimits.ChannelNameBytesMax && ChannelId.TryParse(Encoding.UTF8.GetString(value), out _, out var name) && name is not null;
}
