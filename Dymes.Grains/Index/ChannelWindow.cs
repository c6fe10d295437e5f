using System.Runtime.InteropServices;
using Dymes.Common;
using Dymes.Engine;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Index;

/// <summary>
/// What a channel's grain knows of its channel: all positions within a stretch of the log that ends at its committed end. A channel of up to <c>capacity</c>
/// messages is known whole; of a larger one, the newest. What lies before the stretch, the engine answers from its index files. Owned by one grain's turns.
/// </summary>
/// <param name="index">The index of the dataset.</param>
/// <param name="channel">The channel.</param>
/// <param name="capacity">How many positions are kept at most, eight bytes each.</param>
internal sealed class ChannelWindow(ILogIndex index, ChannelId channel, int capacity)
{
    private readonly List<Lsn> _positions = [];
    private Lsn _from;
    private Lsn _to;
    private bool _isHydrated;
    private Task? _learning;

    /// <summary>How many positions are held.</summary>
    public int Count => _positions.Count;

    /// <summary>Learns what was committed since the last call; at the first, what there is. The turns that want to know wait for each other.</summary>
    /// <param name="committed">The end of the log to learn up to.</param>
    /// <param name="channelCount">How many messages the channel holds, for the first call.</param>
    public async Task FollowAsync(Lsn committed, ulong channelCount)
    {
        if (!_isHydrated)
        {
            _isHydrated = true;
            _from = channelCount <= (ulong)capacity ? Lsn.First : committed;
            _to = _from;
        }

        while (_to < committed)
        {
            if (_learning is null or { IsCompleted: true })
            {
                _learning = LearnAsync(committed);
            }

            await _learning;
        }
    }

    /// <summary>The next positions of a query as of <paramref name="committed"/>; null where they lie before what the window knows.</summary>
    public PositionSlice? Slice(MessageQuery query, Lsn committed)
    {
        var after = query.After is { IsStart: false } place ? place.Ordinal : (ulong?)null;
        var low = query.Bounds.FromLsn;
        var high = query.Bounds.ToLsn < committed ? query.Bounds.ToLsn.Next : committed;
        return query.Order == QueryOrder.Ascending
            ? Forward(after is { } given && given + 1 > low.Value ? new Lsn(given + 1) : low, high)
            : Backward(low, after is { } last && last < high.Value ? new Lsn(last) : high);
    }

    private async Task LearnAsync(Lsn committed)
    {
        while (_to < committed)
        {
            var found = await index.ChannelPositionsAsync(channel, _to, new Lsn(committed.Value - 1), PositionSlice.PositionsMax);
            _positions.AddRange(found);
            _to = found.Count == PositionSlice.PositionsMax ? found[^1].Next : committed;
            Trim();
        }
    }

    private PositionSlice? Forward(Lsn low, Lsn end)
    {
        if (low < _from)
        {
            return null;
        }

        var (first, behind) = (IndexOf(low), IndexOf(end));
        var count = Math.Clamp(behind - first, 0, PositionSlice.PositionsMax);
        return new PositionSlice(_positions.GetRange(first, count), first + count >= behind);
    }

    private PositionSlice? Backward(Lsn low, Lsn end)
    {
        var (first, behind) = (IndexOf(low), IndexOf(end));
        if (low < _from && first >= behind)
        {
            return null;
        }

        var count = Math.Clamp(behind - first, 0, PositionSlice.PositionsMax);
        var positions = _positions.GetRange(behind - count, count);
        positions.Reverse();
        return new PositionSlice(positions, low >= _from && behind - count <= first);
    }

    // The index of the first position that is not below.
    private int IndexOf(Lsn lsn)
    {
        var found = CollectionsMarshal.AsSpan(_positions).BinarySearch(lsn);
        return found < 0 ? ~found : found;
    }

    private void Trim()
    {
        // Half at a time, so that following costs the same per message however long it goes on.
        if (_positions.Count > capacity)
        {
            var excess = _positions.Count - (capacity / 2);
            _from = _positions[excess - 1].Next;
            _positions.RemoveRange(0, excess);
        }
    }
}
