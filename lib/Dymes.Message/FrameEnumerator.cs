using Dymes.Common;

namespace Dymes.Message;

/// <summary>Walks frames that lie back to back and were checked before.</summary>
public ref struct FrameEnumerator
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts before the first of <paramref name="frames"/>.</summary>
    public FrameEnumerator(ReadOnlySpan<byte> frames)
    {
        _rest = frames;
        Current = default;
    }

    /// <summary>The frame that the last successful <see cref="MoveNext"/> reached.</summary>
    public MessageFrame Current { get; private set; }

    /// <summary>Goes on to the next frame, if there is one.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var size = MessageFrame.PeekSize(_rest);
        InvariantViolation.Assert(size >= FrameLayout.HeaderEnd && size <= _rest.Length, "frames that are walked were checked before");
        Current = new MessageFrame(_rest[..size]);
        _rest = _rest[size..];
        return true;
    }

    /// <summary>The enumerator itself, so that <c>foreach</c> takes it.</summary>
    public readonly FrameEnumerator GetEnumerator() => this;
}
