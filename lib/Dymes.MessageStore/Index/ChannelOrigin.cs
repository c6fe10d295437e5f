using Dymes.Common;
using Dymes.Message;

namespace Dymes.MessageStore.Index;

/// <summary>
/// Where a channel of a segment that grows began. What older segments know of it is looked up when somebody wants it, not when its first message comes: their files may be slow to read, or be
/// damaged, and the message has to go into the log all the same. One writer names it; any thread may ask.
/// </summary>
/// <param name="firstLsn">The position of the channel's first message in this segment.</param>
/// <param name="firstId">Its id.</param>
internal sealed class ChannelOrigin(Lsn firstLsn, MessageId firstId)
{
    private static readonly ChannelEntry Nothing = new(default, null, default, default, 0, 0);
    private volatile ChannelEntry? _older;

    /// <summary>The name that was given in this segment, if one was.</summary>
    public string? NameHere { get; set; }

    /// <summary>How many messages of the channel are in older segments.</summary>
    /// <exception cref="DymesException">They cannot be read.</exception>
    public ulong CountBefore(ChannelId channel, Func<ChannelId, ChannelEntry?> findOlder) => CountOf(Older(channel, findOlder));

    /// <summary>What the segment knows of the channel.</summary>
    /// <exception cref="DymesException">The older segments cannot be read.</exception>
    public ChannelEntry Describe(ChannelId channel, int count, Func<ChannelId, ChannelEntry?> findOlder) => Older(channel, findOlder) switch
    {
        var older when older == Nothing => new ChannelEntry(channel, NameHere, firstLsn, firstId, 0, count),
        var older => new ChannelEntry(channel, older.Name ?? NameHere, older.FirstLsn, older.FirstId, CountOf(older), count),
    };

    // Older segments do not change, so it does not matter who asks first.
    private ChannelEntry Older(ChannelId channel, Func<ChannelId, ChannelEntry?> findOlder) => _older ??= findOlder(channel) ?? Nothing;

    private static ulong CountOf(ChannelEntry older) => older.BaseCount + (ulong)older.Count;
}
