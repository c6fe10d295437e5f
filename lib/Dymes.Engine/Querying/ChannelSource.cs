using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.MessageStore.Reading;
using Dymes.MessageStore.Segments;

namespace Dymes.Engine.Querying;

/// <summary>A channel's messages between two positions, segment by segment. A segment without the channel costs one look at its filter.</summary>
internal sealed class ChannelSource(LogView view, ChannelId channel, MessageBounds bounds, LsnRange range, bool descends) : IPlaceSource
{
    private readonly int[] _rows = new int[PageReader.PlacesPerStep];
    private int _segment = range.Count == 0 ? -1 : view.IndexOf(descends ? new Lsn(range.End.Value - 1) : range.Start);
    private int? _from; // where to go on in the segment; null at its start

    public int Next(Span<MessagePlace> places)
    {
        while (_segment >= 0 && _segment < view.Segments.Length)
        {
            var segment = view.Segments[_segment];
            if (IsBeyond(segment))
            {
                return 0;
            }

            var count = CopyRows(segment, places.Length);
            if (count == 0)
            {
                _segment += descends ? -1 : 1;
                _from = null;
                continue;
            }

            for (var i = 0; i < count; i++)
            {
                places[i] = MessagePlace.InLog(segment, _rows[i]);
            }

            _from = descends ? _rows[count - 1] - 1 : _rows[count - 1] + 1;
            return count;
        }

        return 0;
    }

    private bool IsBeyond(Segment segment) =>
        descends ? segment.FirstLsn.Value + (ulong)segment.Index.Count <= range.Start.Value && segment.Index.Count > 0 : segment.FirstLsn >= range.End;

    private int CopyRows(Segment segment, int limit)
    {
        if (segment.Index.MaxId < bounds.FromId || segment.Index.MinId > bounds.ToId)
        {
            return 0;
        }

        var lowest = range.Start <= segment.FirstLsn ? 0 : segment.RowOf(range.Start);
        var end = Math.Min(view.VisibleRows(segment), range.End <= segment.FirstLsn ? 0 : segment.RowOf(range.End));
        var rows = _rows.AsSpan(0, Math.Min(limit, _rows.Length));
        if (descends)
        {
            var from = Math.Min(_from ?? int.MaxValue, end - 1);
            if (from < lowest)
            {
                return 0;
            }

            var copied = segment.Index.CopyChannelRows(channel, from, true, rows);
            return KeepWhile(rows[..copied], row => row >= lowest);
        }
        else
        {
            var copied = segment.Index.CopyChannelRows(channel, Math.Max(_from ?? 0, lowest), false, rows);
            return KeepWhile(rows[..copied], row => row < end);
        }
    }

    private static int KeepWhile(ReadOnlySpan<int> rows, Func<int, bool> isWithin)
    {
        var kept = 0;
        while (kept < rows.Length && isWithin(rows[kept]))
        {
            kept++;
        }

        return kept;
    }
}
