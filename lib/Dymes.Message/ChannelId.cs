using System.Text;
using Dymes.Common;

namespace Dymes.Message;

/// <summary>A channel: a stream of messages within the log, for example one aggregate. 0 is the default channel.</summary>
/// <param name="Value">Any 128-bit number.</param>
public readonly record struct ChannelId(UInt128 Value) : IComparable<ChannelId>
{
    /// <summary>The channel of a name: the XxHash128 of its UTF-8 bytes.</summary>
    /// <param name="name">1 to <see cref="MessageLimits.ChannelNameBytesMax"/> bytes in UTF-8.</param>
    public static ChannelId OfName(ReadOnlySpan<byte> name) => new(Checksum.Of(name));

    /// <summary>The channel of a name: the XxHash128 of its UTF-8 bytes.</summary>
    public static ChannelId OfName(string name) => OfName(Encoding.UTF8.GetBytes(name));

    /// <summary>Reads a number as it is, and any other text of a valid length as a channel's name.</summary>
    /// <returns>False where the text is empty, too long, or a number over 128 bits.</returns>
    public static bool TryParse(string text, out ChannelId channel, out string? name)
    {
        var form = Number128.Read(text, out var number);
        channel = new ChannelId(number);
        name = null;
        if (form != NumberForm.None)
        {
            return form == NumberForm.Number;
        }

        if (text.Length == 0 || Encoding.UTF8.GetByteCount(text) > MessageLimits.ChannelNameBytesMax)
        {
            return false;
        }

        name = text;
        channel = OfName(text);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(ChannelId other) => Value.CompareTo(other.Value);

    /// <summary>The form of answers: <c>0x…</c>.</summary>
    public override string ToString() => Number128.Format(Value);
}
