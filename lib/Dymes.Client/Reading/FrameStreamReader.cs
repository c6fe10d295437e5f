using System.Buffers;
using Dymes.Client.Calls;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Client.Reading;

/// <summary>What came next in a stream of frames: frames, a mark, or the end, which is neither.</summary>
/// <param name="Frames">Whole, checked frames; valid until the next read.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Mark">A mark between frames.</param>
internal readonly record struct FrameStreamItem(ReadOnlyMemory<byte> Frames, int Count, FrameStreamMark? Mark)
{
    public bool IsEnd => Count == 0 && Mark is null;
}

/// <summary>Cuts a node's answer into whole frames and checks each of them: what the network damages is never passed on. Its memory is one pooled buffer.</summary>
internal sealed class FrameStreamReader(NodeStream stream) : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _start;
    private int _end;

    /// <summary>The next whole frames, or a mark, or the end.</summary>
    /// <exception cref="IOException">The connection broke, or bytes are not what was sent.</exception>
    public async ValueTask<FrameStreamItem> ReadAsync()
    {
        while (true)
        {
            if (TryTake(out var item))
            {
                return item;
            }

            MakeRoom();
            var count = await stream.ReadAsync(_buffer.AsMemory(_end)).ConfigureAwait(false);
            if (count == 0)
            {
                return _end == _start ? default : throw new IOException("The answer ended in the middle of a message.");
            }

            _end += count;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        stream.Dispose();
    }

    private bool TryTake(out FrameStreamItem item)
    {
        var bytes = _buffer.AsSpan(_start, _end - _start);
        var used = 0;
        var count = 0;
        FrameFault fault;
        while ((fault = MessageFrame.TryRead(bytes[used..], out var frame)) == FrameFault.None)
        {
            used += frame.Bytes.Length;
            count++;
        }

        if (count > 0)
        {
            item = new FrameStreamItem(_buffer.AsMemory(_start, used), count, null);
            _start += used;
            return true;
        }

        item = default;
        if (bytes.Length >= FrameStreamMark.SizeBytes && FrameStreamMark.BeginsAt(bytes))
        {
            item = new FrameStreamItem(default, 0, FrameStreamMark.TryRead(bytes, out var mark) ? mark : throw Damaged("a mark of an unknown kind"));
            _start += FrameStreamMark.SizeBytes;
            return true;
        }

        return fault == FrameFault.Truncated ? false : throw Damaged($"a message has the fault {fault}");
    }

    // What is left of a frame moves to the front; a frame that is larger than the buffer gets one that holds it.
    private void MakeRoom()
    {
        var rest = _end - _start;
        var needed = Math.Max(MessageFrame.PeekSize(_buffer.AsSpan(_start, rest)), BufferBytes);
        var target = needed > _buffer.Length ? ArrayPool<byte>.Shared.Rent(needed) : _buffer;
        _buffer.AsSpan(_start, rest).CopyTo(target);
        if (target != _buffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = target;
        }

        _start = 0;
        _end = rest;
    }

    private static IOException Damaged(string what) => new($"The answer is damaged on its way: {what}.");
}
