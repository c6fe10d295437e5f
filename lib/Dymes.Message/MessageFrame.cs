using System.Buffers.Binary;
using System.Text.Unicode;
using Dymes.Common;

namespace Dymes.Message;

/// <summary>
/// A message as its bytes: a view of a frame, without a copy. See doc/file-format.md for every byte. Get one from <see cref="TryRead"/>, which checks
/// everything, or from <see cref="FrameEnumerator"/> over frames that were checked.
/// </summary>
public readonly ref struct MessageFrame
{
    internal MessageFrame(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The whole frame: header, KV headers, KV data, body, padding.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The message's position in the log.</summary>
    public Lsn Lsn => new(BinaryPrimitives.ReadUInt64LittleEndian(Bytes[FrameLayout.Lsn..]));

    /// <summary>The message's id; none in a frame that is not stored yet and whose id the log shall assign.</summary>
    public MessageId Id => MessageId.Read(Bytes[FrameLayout.Id..]);

    /// <summary>The message that this one follows from, or none.</summary>
    public MessageId CorrelationId => MessageId.Read(Bytes[FrameLayout.CorrelationId..]);

    /// <summary>The message's channel.</summary>
    public ChannelId Channel => new(BinaryPrimitives.ReadUInt128LittleEndian(Bytes[FrameLayout.Channel..]));

    /// <summary>The message's routing bits.</summary>
    public UInt128 Routing => BinaryPrimitives.ReadUInt128LittleEndian(Bytes[FrameLayout.Routing..]);

    /// <summary>The number of KV entries, those with reserved keys included.</summary>
    public int KvCount => (int)BinaryPrimitives.ReadUInt32LittleEndian(Bytes[FrameLayout.KvCount..]);

    /// <summary>The checksum of KV headers, KV data and body: equal contents have equal ones.</summary>
    public UInt128 PayloadChecksum => BinaryPrimitives.ReadUInt128LittleEndian(Bytes[FrameLayout.PayloadChecksum..]);

    /// <summary>The message's body.</summary>
    public ReadOnlySpan<byte> Body => Bytes.Slice(KvDataStart + KvDataBytes, BodyBytes);

    private int KvDataBytes => (int)BinaryPrimitives.ReadUInt32LittleEndian(Bytes[FrameLayout.KvDataBytes..]);

    private int BodyBytes => (int)BinaryPrimitives.ReadUInt32LittleEndian(Bytes[FrameLayout.BodyBytes..]);

    private int KvDataStart => FrameLayout.HeaderEnd + (KvCount * MessageLimits.KvHeaderBytes);

    private int PayloadEnd => KvDataStart + KvDataBytes + BodyBytes;

    /// <summary>The size that a frame's header names, or 0 where <paramref name="bytes"/> is shorter than a header. Not checked.</summary>
    public static int PeekSize(ReadOnlySpan<byte> bytes) => bytes.Length < FrameLayout.HeaderEnd
        ? 0
        : (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[FrameLayout.FrameBytes..]);

    /// <summary>
    /// Reads a frame whose header is right, whatever became of the rest: its position, ids, channel, routing and size are true, but no entry and no body may be asked for. For going on behind
    /// damage.
    /// </summary>
    /// <param name="bytes">A header, and maybe more behind it.</param>
    /// <param name="header">The frame as far as it can be trusted.</param>
    /// <param name="frameBytes">The size of the frame, 0 where the answer is false.</param>
    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, out MessageFrame header, out int frameBytes)
    {
        header = default;
        frameBytes = 0;
        if (bytes.Length < FrameLayout.HeaderEnd
            || BinaryPrimitives.ReadUInt128LittleEndian(bytes) != Checksum.Of(bytes[FrameLayout.Lsn..FrameLayout.HeaderEnd])
            || !HasFittingSizes(bytes))
        {
            return false;
        }

        header = new MessageFrame(bytes[..FrameLayout.HeaderEnd]);
        frameBytes = PeekSize(bytes);
        return true;
    }

    /// <summary>Reads the frame at the start of <paramref name="bytes"/> after checking its sizes, both checksums, KV entries and padding.</summary>
    /// <param name="bytes">One frame, and maybe more behind it.</param>
    /// <param name="frame">The frame, where the answer is <see cref="FrameFault.None"/>.</param>
    public static FrameFault TryRead(ReadOnlySpan<byte> bytes, out MessageFrame frame)
    {
        frame = default;
        if (bytes.Length < FrameLayout.HeaderEnd)
        {
            return FrameFault.Truncated;
        }

        if (BinaryPrimitives.ReadUInt128LittleEndian(bytes) != Checksum.Of(bytes[FrameLayout.Lsn..FrameLayout.HeaderEnd]))
        {
            return FrameFault.HeaderChecksum;
        }

        if (!HasFittingSizes(bytes))
        {
            return FrameFault.Sizes;
        }

        var size = PeekSize(bytes);
        if (bytes.Length < size)
        {
            return FrameFault.Truncated;
        }

        var candidate = new MessageFrame(bytes[..size]);
        var fault = candidate.CheckPayload();
        frame = fault == FrameFault.None ? candidate : default;
        return fault;
    }

    /// <summary>The entry at <paramref name="index"/>, 0 to <see cref="KvCount"/> - 1.</summary>
    public KvEntry KvAt(int index)
    {
        var header = Bytes.Slice(FrameLayout.HeaderEnd + (index * MessageLimits.KvHeaderBytes), MessageLimits.KvHeaderBytes);
        var data = Bytes.Slice(KvDataStart, KvDataBytes);
        var keyOffset = (int)BinaryPrimitives.ReadUInt32LittleEndian(header);
        var keyBytes = (int)BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        var valueOffset = (int)BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        var valueBytes = (int)BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        return new KvEntry(data.Slice(keyOffset, keyBytes), data.Slice(valueOffset, valueBytes));
    }

    /// <summary>Finds the value of a key, compared byte by byte.</summary>
    public bool TryGetKv(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < KvCount; i++)
        {
            var entry = KvAt(i);
            if (entry.Key.SequenceEqual(key))
            {
                value = entry.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Whether two messages say the same: correlation, channel, routing, KV entries and body. Ids and positions do not count.</summary>
    public bool HasContentOf(MessageFrame other) =>
        Bytes[FrameLayout.CorrelationId..FrameLayout.HeaderEnd].SequenceEqual(other.Bytes[FrameLayout.CorrelationId..FrameLayout.HeaderEnd]);

    private static bool HasFittingSizes(ReadOnlySpan<byte> bytes)
    {
        var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[FrameLayout.FrameBytes..]);
        var kvCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes[FrameLayout.KvCount..]);
        var kvDataBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[FrameLayout.KvDataBytes..]);
        var bodyBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[FrameLayout.BodyBytes..]);
        return size <= MessageLimits.FrameBytesMax && kvCount <= MessageLimits.KvEntriesMax
            && size == FrameLayout.Size((int)kvCount, kvDataBytes, bodyBytes)
            && BinaryPrimitives.ReadUInt64LittleEndian(bytes[FrameLayout.Reserved..]) == 0;
    }

    private FrameFault CheckPayload()
    {
        if (Checksum.Of(Bytes[FrameLayout.HeaderEnd..PayloadEnd]) != PayloadChecksum)
        {
            return FrameFault.PayloadChecksum;
        }

        var fault = CheckEntries();
        if (fault != FrameFault.None)
        {
            return fault;
        }

        return Bytes[PayloadEnd..].ContainsAnyExcept((byte)0) ? FrameFault.Padding : FrameFault.None;
    }

    // Entries lie back to back and fill the KV data: no byte is shared, hidden or shown twice, so what is made of a frame is never much larger than the frame.
    private FrameFault CheckEntries()
    {
        var data = Bytes.Slice(KvDataStart, KvDataBytes);
        uint end = 0;
        for (var i = 0; i < KvCount; i++)
        {
            var header = Bytes[(FrameLayout.HeaderEnd + (i * MessageLimits.KvHeaderBytes))..];
            var keyBytes = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            var valueBytes = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != end
                || keyBytes is 0 or > MessageLimits.KvKeyBytesMax
                || BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) != end + keyBytes
                || (ulong)end + keyBytes + valueBytes > (ulong)data.Length)
            {
                return FrameFault.KvRange;
            }

            if (!Utf8.IsValid(data.Slice((int)end, (int)keyBytes)) || !Utf8.IsValid(data.Slice((int)(end + keyBytes), (int)valueBytes)))
            {
                return FrameFault.KvText;
            }

            end += keyBytes + valueBytes;
        }

        return end == data.Length ? FrameFault.None : FrameFault.KvRange;
    }
}
