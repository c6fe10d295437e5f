using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.MessageStore;
using Dymes.MessageStore.Segments;

namespace Dymes.Engine.Querying;

/// <summary>The log as a query sees it: the segments and the end of what is committed, both as of the query's start.</summary>
internal sealed class LogView(SegmentStore store, Lsn end)
{
    private readonly Segment[] _segments = store.Segments.ToArray();

    /// <summary>The end of what is visible.</summary>
    public Lsn End => end;

    public ReadOnlySpan<Segment> Segments => _segments;

    /// <summary>How many rows of a segment are visible.</summary>
    public int VisibleRows(Segment segment) => segment.CountBelow(end);

    /// <summary>Finds a visible message.</summary>
    public bool TryFind(MessageId id, out Segment segment, out int row) =>
        store.TryFindId(id, out segment, out row) && segment.LsnOf(row) < end;

    /// <summary>The position behind the last visible message, of which there must be one.</summary>
    public QueryPosition PositionOfLast()
    {
        var last = new Lsn(end.Value - 1);
        var segment = _segments[IndexOf(last)];
        return new QueryPosition(last.Value, segment.Index.IdAt(segment.RowOf(last)));
    }

    /// <summary>The number of the segment that holds a position, or of the last one.</summary>
    public int IndexOf(Lsn lsn) => (int)store.SegmentOf(lsn).Number - 1;
}
