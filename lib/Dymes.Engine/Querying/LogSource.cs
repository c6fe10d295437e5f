using Dymes.Common;
using Dymes.Message.Log;
using Dymes.MessageStore.Reading;

namespace Dymes.Engine.Querying;

/// <summary>All messages between two positions, in the order of the log or against it. Segments whose ids are all out of bounds are skipped.</summary>
internal sealed class LogSource : IPlaceSource
{
    private readonly LogView _view;
    private readonly MessageBounds _bounds;
    private readonly bool _descends;
    private ulong _next;
    private ulong _left;

    /// <param name="view">The log.</param>
    /// <param name="bounds">Bounds of ids, to skip by.</param>
    /// <param name="range">The positions.</param>
    /// <param name="descends">Whether to go from the highest down.</param>
    public LogSource(LogView view, MessageBounds bounds, LsnRange range, bool descends)
    {
        _view = view;
        _bounds = bounds;
        _descends = descends;
        _left = range.Count;
        _next = descends ? range.End.Value - 1 : range.Start.Value;
    }

    public int Next(Span<MessagePlace> places)
    {
        while (_left > 0)
        {
            var segment = _view.Segments[_view.IndexOf(new Lsn(_next))];
            var row = segment.RowOf(new Lsn(_next));
            var rowsLeft = _descends ? row + 1 : _view.VisibleRows(segment) - row;
            if (segment.Index.MaxId < _bounds.FromId || segment.Index.MinId > _bounds.ToId)
            {
                Advance((ulong)rowsLeft);
                continue;
            }

            var count = (int)Math.Min(Math.Min((ulong)rowsLeft, _left), (ulong)places.Length);
            for (var i = 0; i < count; i++)
            {
                places[i] = MessagePlace.InLog(segment, _descends ? row - i : row + i);
            }

            Advance((ulong)count);
            return count;
        }

        return 0;
    }

    private void Advance(ulong rows)
    {
        var step = Math.Min(rows, _left);
        _left -= step;
        _next = _descends ? _next - Math.Min(step, _next) : _next + step;
    }
}
