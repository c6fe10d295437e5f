using Dymes.MessageStore.Files;
using Dymes.MessageStore.Index;

namespace Dymes.MessageStore.Segments;

/// <summary>
/// Entries that go to disk in one write and one flush, behind their mark. Two of them take turns: one is written while the other gathers. The bytes lie in memory as they will lie in the
/// blocks of the file, so that whole blocks can be written without a copy.
/// </summary>
internal sealed class PendingBatch : DiskWork
{
    private const int BytesAtFirst = 64 << 10;
    private readonly BlockBuffer _buffer = new(BytesAtFirst);
    private int _lead;

    /// <summary>The segment that the entries belong to.</summary>
    public Segment? Segment { get; private set; }

    /// <summary>Where the mark goes in the segment's message file.</summary>
    public long Offset { get; private set; }

    /// <summary>Bytes so far, the mark included.</summary>
    public int Length { get; private set; }

    public bool IsEmpty => Segment is null;

    public Span<byte> Bytes => _buffer.Bytes.Slice(_lead, Length);

    /// <summary>The bytes of the first block that lie before the batch; whoever writes <see cref="Blocks"/> fills them in.</summary>
    public Span<byte> Lead => _buffer.Bytes[.._lead];

    /// <summary>Begins to gather for a place in a segment.</summary>
    public void Start(Segment segment, long offset)
    {
        Segment = segment;
        Offset = offset;
        Length = StoreLimits.SyncMarkBytes;
        _lead = (int)(offset % BlockBuffer.BlockBytes);
    }

    /// <summary>Room for more bytes behind the last.</summary>
    public Span<byte> Extend(int bytes)
    {
        _buffer.EnsureCapacity(_lead + Length + bytes);
        Length += bytes;
        return Bytes[^bytes..];
    }

    /// <summary>Whether a frame is in the batch.</summary>
    public bool Holds(Segment segment, FrameLocation location) => Segment == segment && location.Offset >= Offset && location.End <= Offset + Length;

    /// <summary>A frame that is in the batch.</summary>
    public ReadOnlySpan<byte> Read(FrameLocation location) => Bytes.Slice((int)(location.Offset - Offset), location.Size);

    /// <summary>Takes back bytes from the end.</summary>
    public void CutTo(int length) => Length = length;

    /// <summary>The bytes with some zeros behind them, for the write that also zeroes ahead.</summary>
    public ReadOnlySpan<byte> WithZeros(int zeros)
    {
        Extend(zeros).Clear();
        Length -= zeros;
        return _buffer.Bytes.Slice(_lead, Length + zeros);
    }

    /// <summary>The whole blocks that the batch touches: the lead, the bytes, and zeros to the end of the last.</summary>
    public ReadOnlySpan<byte> Blocks()
    {
        var end = (int)BlockBuffer.RoundUp(_lead + Length);
        WithZeros(end - _lead - Length);
        return _buffer.Bytes[..end];
    }

    /// <summary>Forgets the entries.</summary>
    public void Reset()
    {
        Segment = null;
        Length = 0;
    }
}
