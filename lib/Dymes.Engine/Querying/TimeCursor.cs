using Dymes.Message;
using Dymes.MessageStore.Reading;
using Dymes.MessageStore.Segments;

namespace Dymes.Engine.Querying;

/// <summary>A segment's rows in the order of ids, for the merge. Before it is positioned its key is the segment's bound, which costs no look into the index.</summary>
internal sealed class TimeCursor
{
    private readonly Segment _segment;
    private readonly int _visibleRows;
    private readonly MessageId _last;
    private readonly bool _descends;

    public TimeCursor(Segment segment, int visibleRows, MessageId from, MessageId to, bool descends)
    {
        _segment = segment;
        _visibleRows = visibleRows;
        _descends = descends;
        var (min, max) = (segment.Index.MinId, segment.Index.MaxId);
        Key = descends ? (max < to ? max : to) : (min > from ? min : from);
        _last = descends ? from : to;
    }

    /// <summary>The id of the next row, or a bound that comes no later.</summary>
    public MessageId Key { get; private set; }

    /// <summary>Whether <see cref="Key"/> is a row's id.</summary>
    public bool IsPositioned { get; private set; }

    public bool IsAtEnd { get; private set; }

    public bool ComesBefore(MessageId key) => _descends ? Key > key : Key < key;

    public void Position()
    {
        _segment.Index.RequireOrder();
        SeekFrom(Key);
        IsPositioned = true;
    }

    /// <summary>Copies rows in order while they come before another cursor's key.</summary>
    public int CopyUpTo(MessageId? other, Span<MessagePlace> places)
    {
        var index = _segment.Index;
        var order = index.OrderById();
        var rank = order.RankOf(Key, index);
        var count = 0;
        for (; rank >= 0 && rank < order.Count; rank += _descends ? -1 : 1)
        {
            var row = order.RowAt(rank);
            var id = index.QuickIdAt(row);
            if (count == places.Length || IsBehind(id, _last) || IsBehind(id, other))
            {
                id = index.IdAt(row); // all that follows is left out because of it
                if (IsBehind(id, _last))
                {
                    IsAtEnd = true;
                    return count;
                }

                if (count == places.Length || IsBehind(id, other))
                {
                    Key = id;
                    return count;
                }
            }

            if (row < _visibleRows)
            {
                places[count++] = MessagePlace.InLog(_segment, row);
            }
        }

        IsAtEnd = true;
        return count;
    }

    private bool IsBehind(MessageId id, MessageId? bound) => _descends ? id < bound : id > bound;

    private void SeekFrom(MessageId bound)
    {
        var index = _segment.Index;
        var order = index.OrderById();
        var rank = order.RankOf(bound, index);
        if (_descends && (rank == order.Count || index.IdAt(order.RowAt(rank)) > bound))
        {
            rank--;
        }

        if (rank < 0 || rank >= order.Count)
        {
            IsAtEnd = true;
            return;
        }

        Key = index.IdAt(order.RowAt(rank));
        IsAtEnd = _descends ? Key < _last : Key > _last;
    }
}
