using Dymes.Common;

namespace Dymes.Message.Log;

/// <summary>
/// The end of a log as far as somebody has seen it: what is read next must include it. What was missing from an answer was missing from every earlier state of the log too, so only what was there
/// counts. It only grows. Safe for concurrent use.
/// </summary>
public sealed class SeenEnd
{
    private ulong _value;

    /// <summary>The position behind the last message that was seen.</summary>
    public Lsn Value => new(Volatile.Read(ref _value));

    /// <summary>Everything below this was seen.</summary>
    public void Raise(Lsn end)
    {
        ulong value;
        while ((value = Volatile.Read(ref _value)) < end.Value && Interlocked.CompareExchange(ref _value, end.Value, value) != value)
        {
        }
    }

    /// <summary>These messages were seen.</summary>
    /// <param name="frames">Checked frames, back to back.</param>
    public void Add(ReadOnlySpan<byte> frames)
    {
        foreach (var frame in new FrameEnumerator(frames))
        {
            Raise(frame.Lsn.Next);
        }
    }

    /// <summary>These messages were appended.</summary>
    public void Add(AppendResult result)
    {
        foreach (var receipt in result.AsSpan())
        {
            if (receipt.IsStored)
            {
                Raise(receipt.Lsn.Next);
            }
        }
    }
}
