using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Engine.Querying;

/// <summary>What the log knows of channels: the newest segment that holds one knows all of it.</summary>
internal static class ChannelDirectory
{
    public static ChannelSummary? Find(LogView view, ChannelId channel)
    {
        Span<int> last = stackalloc int[1];
        for (var i = view.Segments.Length - 1; i >= 0; i--)
        {
            var segment = view.Segments[i];
            var index = segment.Index;
            var visible = view.VisibleRows(segment);
            if (visible == 0 || index.FindChannel(channel) is not { } entry || index.CopyChannelRows(channel, visible - 1, true, last) == 0)
            {
                continue;
            }

            var count = entry.BaseCount + (ulong)index.CountChannelRowsBelow(channel, visible);
            return new ChannelSummary(channel, entry.Name, count, entry.FirstLsn, segment.LsnOf(last[0]), entry.FirstId, index.IdAt(last[0]));
        }

        return null;
    }

    public static IReadOnlyList<ChannelSummary> List(LogView view, ChannelId? after, int limit)
    {
        var summaries = new List<ChannelSummary>(Math.Min(limit, 1024));
        while (summaries.Count < limit)
        {
            var channels = NextChannels(view, after, limit - summaries.Count);
            if (channels.Count == 0)
            {
                break;
            }

            summaries.AddRange(channels.Select(channel => Find(view, channel)).OfType<ChannelSummary>());
            after = channels[^1];
        }

        return summaries;
    }

    private static List<ChannelId> NextChannels(LogView view, ChannelId? after, int limit)
    {
        var channels = new SortedSet<ChannelId>();
        foreach (var segment in view.Segments)
        {
            foreach (var entry in segment.Index.ListChannels(after, limit))
            {
                channels.Add(entry.Channel);
            }
        }

        return channels.Take(limit).ToList();
    }
}
