using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Index;

namespace Dymes.MessageStore.Segments;

/// <summary>The segments, oldest first; the last one grows. One writer; any number of readers, each with the segments as of its call.</summary>
internal sealed class SegmentList
{
    private volatile Segment[] _segments = [];

    /// <summary>The segments as of now.</summary>
    public Segment[] All => _segments;

    /// <summary>The highest id of all segments but the last. For the writer.</summary>
    public MessageId MaxIdOfSealed { get; private set; }

    /// <summary>Adds a segment behind the last.</summary>
    public void Add(Segment segment)
    {
        Segment[] segments = [.. _segments, segment];
        _segments = segments;
        MaxIdOfSealed = segments.Length > 1 && segments[^2].Index.MaxId is var id && id > MaxIdOfSealed ? id : MaxIdOfSealed;
    }

    /// <summary>Removes all segments but some first ones, and returns them.</summary>
    public Segment[] CutTo(int count)
    {
        var segments = _segments;
        var gone = segments[count..];
        if (gone.Length > 0)
        {
            _segments = segments[..count];
            MaxIdOfSealed = segments[..Math.Max(0, count - 1)].Select(segment => segment.Index.MaxId).DefaultIfEmpty().Max();
        }

        return gone;
    }

    /// <summary>The segment that holds a position below the end of the log.</summary>
    public Segment Of(Lsn lsn)
    {
        var segments = _segments;
        int low = 0, high = segments.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (segments[middle].FirstLsn <= lsn)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return segments[low];
    }

    /// <summary>The segment that holds an op, or would as the next one.</summary>
    public Segment OfOp(ulong op)
    {
        var segments = _segments;
        int low = 0, high = segments.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (segments[middle].Header.FirstOp <= op)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return segments[low];
    }

    /// <summary>Finds a message by its id, committed or not.</summary>
    public bool TryFindId(MessageId id, out Segment segment, out int row)
    {
        var segments = _segments;
        for (var i = segments.Length - 1; i >= 0; i--)
        {
            segment = segments[i];
            row = segment.Index.FindId(id);
            if (row >= 0)
            {
                return true;
            }
        }

        segment = segments[0];
        row = -1;
        return false;
    }

    /// <summary>What the segments before one know of a channel.</summary>
    public ChannelEntry? FindChannelBefore(Segment segment, ChannelId channel) => FindChannel((int)segment.Number - 2, channel);

    /// <summary>What is known of a channel, uncommitted messages included.</summary>
    public ChannelEntry? FindChannel(ChannelId channel) => FindChannel(_segments.Length - 1, channel);

    private ChannelEntry? FindChannel(int newest, ChannelId channel)
    {
        var segments = _segments;
        for (var i = Math.Min(newest, segments.Length - 1); i >= 0; i--) // a reader may have a segment that was cut off
        {
            if (segments[i].Index.FindChannel(channel) is { } entry)
            {
                return entry;
            }
        }

        return null;
    }
}
