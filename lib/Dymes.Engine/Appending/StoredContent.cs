using Dymes.Message;
using Dymes.MessageStore.Reading;
using Dymes.MessageStore.Segments;

namespace Dymes.Engine.Appending;

/// <summary>Compares a message with one that is in the log, on disk or on its way there. Owned by whoever holds the store's gate.</summary>
internal sealed class StoredContent(LogAppender appender) : IDisposable
{
    private readonly FrameReader _reader = new();

    /// <summary>Whether the stored message says the same as this one.</summary>
    public bool IsContentOf(Segment segment, int row, MessageFrame frame)
    {
        if (appender.TryGetUnwritten(segment, row, out var unwritten))
        {
            return unwritten.HasContentOf(frame);
        }

        _reader.Clear();
        _reader.Read([MessagePlace.InLog(segment, row)], static _ => true);
        var stored = new FrameEnumerator(_reader.Frames.Span);
        return stored.MoveNext() && stored.Current.HasContentOf(frame);
    }

    public void Dispose() => _reader.Dispose();
}
