using System.Buffers.Binary;
using System.Text.Unicode;
using Dymes.Common;

namespace Dymes.Message;

/// <summary>
/// Builds frames, one after the other: set the fields, add entries, then write. The body is decoded straight into the frame by the caller, so it is
/// copied once. Reusable after <see cref="Reset"/>; not thread-safe.
/// </summary>
public sealed class FrameBuilder
{
    private readonly List<(int KeyStart, int KeyBytes, int ValueBytes)> _entries = [];
    private byte[] _kvData = new byte[256];
    private int _kvDataBytes;

    /// <summary>The id that the client made, or none for the log to assign one.</summary>
    public MessageId Id { get; set; }

    /// <summary>The message that this one follows from, or none.</summary>
    public MessageId CorrelationId { get; set; }

    /// <summary>The channel.</summary>
    public ChannelId Channel { get; set; }

    /// <summary>The routing bits.</summary>
    public UInt128 Routing { get; set; }

    /// <summary>The number of entries so far.</summary>
    public int KvCount => _entries.Count;

    /// <summary>Forgets all fields and entries.</summary>
    public void Reset()
    {
        Id = default;
        CorrelationId = default;
        Channel = default;
        Routing = default;
        _entries.Clear();
        _kvDataBytes = 0;
    }

    /// <summary>Adds an entry; a key that is there already gets the new value.</summary>
    /// <param name="key">1 to <see cref="MessageLimits.KvKeyBytesMax"/> bytes of UTF-8.</param>
    /// <param name="value">UTF-8; may be empty.</param>
    /// <exception cref="DymesException">The key's length is out of range, a text is not UTF-8, there are too many entries, or they cannot fit in a frame.</exception>
    public void AddKv(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.Length is 0 or > MessageLimits.KvKeyBytesMax)
        {
            throw new DymesException(ErrorCode.InvalidArgument, $"A key has {key.Length} bytes; it must have 1 to {MessageLimits.KvKeyBytesMax}.") { Field = "/kv_entries" };
        }

        if (!Utf8.IsValid(key) || !Utf8.IsValid(value))
        {
            throw new DymesException(ErrorCode.InvalidArgument, "A key or value is not valid UTF-8; encode binary values as text, or put them into the body.") { Field = "/kv_entries" };
        }

        RemoveKv(key);
        if (_entries.Count == MessageLimits.KvEntriesMax)
        {
            throw new DymesException(ErrorCode.TooLarge, $"A message has at most {MessageLimits.KvEntriesMax} entries.") { Field = "/kv_entries" };
        }

        var needed = _kvDataBytes + (long)key.Length + value.Length;
        if (needed > MessageLimits.FrameBytesMax)
        {
            throw TooLarge(needed);
        }

        EnsureRoom((int)needed);
        key.CopyTo(_kvData.AsSpan(_kvDataBytes));
        value.CopyTo(_kvData.AsSpan(_kvDataBytes + key.Length));
        _entries.Add((_kvDataBytes, key.Length, value.Length));
        _kvDataBytes = (int)needed;
    }

    /// <summary>The size of the frame with a body of this size.</summary>
    /// <exception cref="DymesException">The frame would be larger than <see cref="MessageLimits.FrameBytesMax"/>.</exception>
    public int FrameBytes(int bodyBytes)
    {
        var size = FrameLayout.Size(_entries.Count, _kvDataBytes, bodyBytes);
        return size <= MessageLimits.FrameBytesMax ? (int)size : throw TooLarge(size);
    }

    /// <summary>Writes everything but the body, and gives the place where the body belongs. After filling it call <see cref="Seal"/>.</summary>
    /// <param name="frame">Exactly <see cref="FrameBytes"/> bytes.</param>
    /// <param name="bodyBytes">The size of the body.</param>
    public Span<byte> WriteHead(Span<byte> frame, int bodyBytes)
    {
        frame[..FrameLayout.HeaderEnd].Clear();
        Id.Write(frame[FrameLayout.Id..]);
        CorrelationId.Write(frame[FrameLayout.CorrelationId..]);
        BinaryPrimitives.WriteUInt128LittleEndian(frame[FrameLayout.Channel..], Channel.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(frame[FrameLayout.Routing..], Routing);
        BinaryPrimitives.WriteInt32LittleEndian(frame[FrameLayout.FrameBytes..], frame.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame[FrameLayout.KvCount..], _entries.Count);
        BinaryPrimitives.WriteInt32LittleEndian(frame[FrameLayout.KvDataBytes..], _kvDataBytes);
        BinaryPrimitives.WriteInt32LittleEndian(frame[FrameLayout.BodyBytes..], bodyBytes);

        var header = frame[FrameLayout.HeaderEnd..];
        foreach (var (keyStart, keyBytes, valueBytes) in _entries)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header, keyStart);
            BinaryPrimitives.WriteInt32LittleEndian(header[4..], keyBytes);
            BinaryPrimitives.WriteInt32LittleEndian(header[8..], keyStart + keyBytes);
            BinaryPrimitives.WriteInt32LittleEndian(header[12..], valueBytes);
            header = header[MessageLimits.KvHeaderBytes..];
        }

        _kvData.AsSpan(0, _kvDataBytes).CopyTo(header);
        header[(_kvDataBytes + bodyBytes)..].Clear();
        return header.Slice(_kvDataBytes, bodyBytes);
    }

    /// <summary>Computes both checksums of a frame whose head and body are written.</summary>
    public static void Seal(Span<byte> frame)
    {
        var payloadBytes = (BinaryPrimitives.ReadInt32LittleEndian(frame[FrameLayout.KvCount..]) * MessageLimits.KvHeaderBytes)
            + BinaryPrimitives.ReadInt32LittleEndian(frame[FrameLayout.KvDataBytes..])
            + BinaryPrimitives.ReadInt32LittleEndian(frame[FrameLayout.BodyBytes..]);
        var payload = Checksum.Of(frame.Slice(FrameLayout.HeaderEnd, payloadBytes));
        BinaryPrimitives.WriteUInt128LittleEndian(frame[FrameLayout.PayloadChecksum..], payload);
        FrameStamp.SealHeader(frame);
    }

    /// <summary>The whole frame with this body, in an array of its own.</summary>
    public byte[] Build(ReadOnlySpan<byte> body)
    {
        var frame = new byte[FrameBytes(body.Length)];
        body.CopyTo(WriteHead(frame, body.Length));
        Seal(frame);
        return frame;
    }

    private void RemoveKv(ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            var (start, keyBytes, valueBytes) = _entries[i];
            if (!_kvData.AsSpan(start, keyBytes).SequenceEqual(key))
            {
                continue;
            }

            var entryBytes = keyBytes + valueBytes;
            _kvData.AsSpan(start + entryBytes, _kvDataBytes - start - entryBytes).CopyTo(_kvData.AsSpan(start));
            _kvDataBytes -= entryBytes;
            _entries.RemoveAt(i);
            for (var later = i; later < _entries.Count; later++)
            {
                _entries[later] = _entries[later] with { KeyStart = _entries[later].KeyStart - entryBytes };
            }

            return;
        }
    }

    private void EnsureRoom(int bytes)
    {
        if (bytes > _kvData.Length)
        {
            Array.Resize(ref _kvData, Math.Max(bytes, _kvData.Length * 2));
        }
    }

    private static DymesException TooLarge(long size) =>
        new(ErrorCode.TooLarge, $"The message needs {size} bytes; a frame has at most {MessageLimits.FrameBytesMax}. Store the content elsewhere and append a reference to it.");
}
