using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing;

/// <summary>Frames as tests hold them: arrays of their own.</summary>
public static class Frames
{
    /// <summary>The first frame of bytes that hold one.</summary>
    public static MessageFrame First(ReadOnlySpan<byte> bytes)
    {
        var frames = new FrameEnumerator(bytes);
        return frames.MoveNext() ? frames.Current : throw new ArgumentException("There is no frame.", nameof(bytes));
    }

    /// <summary>Copies of the frames that lie back to back, one array each.</summary>
    public static IReadOnlyList<byte[]> Split(ReadOnlySpan<byte> bytes)
    {
        var split = new List<byte[]>();
        foreach (var frame in new FrameEnumerator(bytes))
        {
            split.Add(frame.Bytes.ToArray());
        }

        return split;
    }

    /// <summary>Copies of a page's frames.</summary>
    public static IReadOnlyList<byte[]> Of(FramePage page) => Split(page.Frames.Span);

    /// <summary>The frames back to back.</summary>
    public static byte[] Join(IEnumerable<byte[]> frames) => frames.SelectMany(frame => frame).ToArray();
}
