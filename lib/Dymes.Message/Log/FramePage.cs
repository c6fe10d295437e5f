namespace Dymes.Message.Log;

/// <summary>Some messages of an answer: checked frames, back to back. The memory belongs to whoever made the page, and only until the next page is asked for.</summary>
/// <param name="Frames">The frames.</param>
/// <param name="Count">How many there are; 0 on a page that only tells a position.</param>
/// <param name="Position">Where to go on behind the last of them.</param>
public readonly record struct FramePage(ReadOnlyMemory<byte> Frames, int Count, QueryPosition Position)
{
    /// <summary>Walks the frames: <c>foreach (var frame in page)</c>.</summary>
    public FrameEnumerator GetEnumerator() => new(Frames.Span);
}
