using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Client.Reading;

/// <summary>How far an answer has come, and thereby the query of what is left of it.</summary>
internal sealed class QueryProgress(MessageQuery query)
{
    private readonly IdsSelection? _ids = query.Selection as IdsSelection;
    private long _given;
    private QueryPosition? _position = query.After;

    /// <summary>The same question, for what has not been given yet.</summary>
    public MessageQuery Rest => query with { After = _position, Limit = query.Limit - _given };

    /// <summary>Where it is, for people.</summary>
    public string Place => _position is { } position ? $"behind message {position.Id}" : "from its beginning";

    /// <summary>Whether the limit is reached.</summary>
    public bool IsComplete => query.Limit is { } limit && _given >= limit;

    /// <summary>Takes note of messages that came.</summary>
    public FramePage Advance(ReadOnlyMemory<byte> frames, int count)
    {
        _given += count;
        var ordinal = _position?.Ordinal ?? 0;
        MessageId id = default;
        foreach (var frame in new FrameEnumerator(frames.Span))
        {
            id = frame.Id;
            ordinal = _ids is null ? frame.Lsn.Value : BehindNext(id, ordinal);
        }

        var position = new QueryPosition(ordinal, id);
        _position = position;
        return new FramePage(frames, count, position);
    }

    /// <summary>Takes note of a position without a message.</summary>
    public FramePage Advance(FrameStreamMark mark)
    {
        // Before the first message there is no place behind one.
        if (!mark.Position.Id.IsNone)
        {
            _position = mark.Position;
        }

        return new FramePage(default, 0, mark.Position);
    }

    // Ids that are not in the log were passed over: the place is behind the next mention of this one.
    private ulong BehindNext(MessageId id, ulong ordinal)
    {
        for (var i = ordinal; i < (ulong)_ids!.Ids.Count; i++)
        {
            if (_ids.Ids[(int)i] == id)
            {
                return i + 1;
            }
        }

        return ordinal;
    }
}
