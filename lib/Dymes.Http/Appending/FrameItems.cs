using System.Buffers;
using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Message;

namespace Dymes.Http.Appending;

/// <summary>Raw frames, back to back. Behind one whose size makes no sense there is no way on.</summary>
internal sealed class FrameItems : IBatchItems
{
    private long _line;
    private bool _isBroken;

    public bool TryTake(ref ReadOnlySequence<byte> buffer, bool isLast, out BatchItem item)
    {
        item = default;
        if (_isBroken || buffer.IsEmpty)
        {
            buffer = buffer.Slice(buffer.End);
            return false;
        }

        Span<byte> head = stackalloc byte[MessageLimits.FrameHeaderBytes];
        var known = (int)Math.Min(buffer.Length, head.Length);
        buffer.Slice(0, known).CopyTo(head);
        var size = MessageFrame.PeekSize(head[..known]);
        if (known == head.Length && (size < MessageLimits.FrameHeaderBytes || size > MessageLimits.FrameBytesMax || size % MessageLimits.AlignmentBytes != 0))
        {
            item = Broken($"The frame says that it has {size} bytes; a frame has {MessageLimits.FrameHeaderBytes} to {MessageLimits.FrameBytesMax}, a multiple of {MessageLimits.AlignmentBytes}. What follows was not read.");
            return true;
        }

        if (known < head.Length || buffer.Length < size)
        {
            item = isLast ? Broken($"The body ends within a frame, after {buffer.Length} bytes of it.") : default;
            return isLast;
        }

        item = new BatchItem(++_line, buffer.Slice(0, size), null);
        buffer = buffer.Slice(size);
        return true;
    }

    private BatchItem Broken(string detail)
    {
        _isBroken = true;
        _line++;
        return new BatchItem(_line, default, Problem.Of(ErrorCode.InvalidArgument, detail) with { Line = _line });
    }
}
