using Dymes.Common;
using Dymes.MessageStore;
using Dymes.MessageStore.Reading;

namespace Dymes.Engine.Querying;

/// <summary>Messages whose positions are known, in a given order.</summary>
internal sealed class PositionsSource(SegmentStore store, IReadOnlyList<Lsn> positions, int start = 0, bool descends = false) : IPlaceSource
{
    private int _next = start;

    public int Next(Span<MessagePlace> places)
    {
        var count = Math.Min(places.Length, positions.Count - _next);
        for (var i = 0; i < count; i++, _next++)
        {
            var lsn = positions[descends ? positions.Count - 1 - _next : _next];
            var segment = store.SegmentOf(lsn);
            places[i] = MessagePlace.InLog(segment, segment.RowOf(lsn));
        }

        return count;
    }
}
