using System.Buffers;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Tools.Importing;

/// <summary>Items that go to the node together, with the place in the input that each came from. Not thread-safe.</summary>
internal sealed class ImportBatch
{
    private const int MessagesMax = 2000;
    private const int BytesMax = MessageLimits.RequestBytesMax - MessageLimits.FrameBytesMax;

    private readonly CreationRequestReader _reader = new();
    private readonly ArrayBufferWriter<byte> _frames = new(BytesMax);
    private readonly List<(string Position, int Start, int Length, MessageId Id)> _items = [];

    public int Count => _items.Count;

    public bool IsFull => _items.Count == MessagesMax || _frames.WrittenCount >= BytesMax;

    /// <summary>The id of the first item: where to go on when the batch could not be sent.</summary>
    public MessageId FirstId => _items[0].Id;

    public string PositionOf(int index) => _items[index].Position;

    public void Clear()
    {
        _items.Clear();
        _frames.ResetWrittenCount();
    }

    /// <summary>Adds an item.</summary>
    /// <exception cref="DymesException">It is no import request, or no frame with an id; the batch is as before.</exception>
    public MessageId Add(ReadOnlySpan<byte> item, bool isFrame, string position)
    {
        var start = _frames.WrittenCount;
        var id = isFrame ? AddFrame(item) : _reader.Read(item, _frames, RequestIds.Required).Id;
        _items.Add((position, start, _frames.WrittenCount - start, id));
        return id;
    }

    /// <summary>Forgets the item added last.</summary>
    public void RemoveLast()
    {
        var kept = _frames.WrittenMemory[.._items[^1].Start].ToArray();
        _items.RemoveAt(_items.Count - 1);
        _frames.ResetWrittenCount();
        _frames.Write(kept);
    }

    public AppendRequest ToRequest(bool allowsMissingParents) =>
        new() { Frames = _frames.WrittenMemory, Count = _items.Count, AllowsMissingParents = allowsMissingParents };

    public AppendRequest ToRequest(int index, bool allowsMissingParents) =>
        new() { Frames = _frames.WrittenMemory.Slice(_items[index].Start, _items[index].Length), Count = 1, AllowsMissingParents = allowsMissingParents };

    private MessageId AddFrame(ReadOnlySpan<byte> bytes)
    {
        var fault = MessageFrame.TryRead(bytes, out var frame);
        if (fault != FrameFault.None)
        {
            throw new DymesException(ErrorCode.InvalidArgument, $"The frame is damaged ({fault}).");
        }

        if (frame.Id.IsNone)
        {
            throw new DymesException(ErrorCode.InvalidArgument, "The frame has no id; an import keeps ids and makes none.");
        }

        _frames.Write(bytes);
        return frame.Id;
    }
}
