using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.MessageStore.Reading;

namespace Dymes.Engine.Querying;

/// <summary>
/// All messages between two ids in the order of ids: a merge of the segments. Where nothing was imported out of order, the segments' ids do not overlap and each is
/// read in one run.
/// </summary>
internal sealed class TimeSource : IPlaceSource
{
    private readonly List<TimeCursor> _cursors = [];

    public TimeSource(LogView view, MessageBounds bounds, MessageId? after, bool descends)
    {
        var (from, to) = (bounds.FromId, bounds.ToId);
        if (after is { } last)
        {
            (from, to) = descends ? (from, Below(last, to)) : (Above(last, from), to);
        }

        foreach (var segment in view.Segments)
        {
            var index = segment.Index;
            var rows = view.VisibleRows(segment);
            if (rows > 0 && from <= to && index.MinId <= to && index.MaxId >= from)
            {
                _cursors.Add(new TimeCursor(segment, rows, from, to, descends));
            }
        }
    }

    public int Next(Span<MessagePlace> places)
    {
        var count = 0;
        while (count < places.Length && First(null) is { } cursor)
        {
            try
            {
                count += Copy(cursor, places[count..]);
            }
            catch (DymesException) when (count > 0)
            {
                break; // the cursors before have gone on: what they gave comes first
            }
        }

        return count;
    }

    private int Copy(TimeCursor cursor, Span<MessagePlace> places)
    {
        var count = 0;
        if (!cursor.IsPositioned)
        {
            cursor.Position();
        }
        else
        {
            count = cursor.CopyUpTo(First(cursor)?.Key, places);
        }

        if (cursor.IsAtEnd)
        {
            _cursors.Remove(cursor);
        }

        return count;
    }

    private TimeCursor? First(TimeCursor? except)
    {
        TimeCursor? first = null;
        foreach (var cursor in _cursors)
        {
            if (cursor != except && (first is null || cursor.ComesBefore(first.Key)))
            {
                first = cursor;
            }
        }

        return first;
    }

    private static MessageId Above(MessageId id, MessageId bound) => id == MessageId.Max ? MessageId.Max : Max(new MessageId(id.Value + 1), bound);

    private static MessageId Below(MessageId id, MessageId bound) => id.IsNone ? MessageId.None : Min(new MessageId(id.Value - 1), bound);

    private static MessageId Max(MessageId left, MessageId right) => left > right ? left : right;

    private static MessageId Min(MessageId left, MessageId right) => left < right ? left : right;
}
