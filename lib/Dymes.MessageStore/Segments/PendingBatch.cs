using Dymes.Common;

namespace Dymes.MessageStore.Segments;

/// <summary>Entries that go to disk in one write and one flush, behind their mark. Two of them take turns: one is written while the other gathers.</summary>
internal sealed class PendingBatch
{
    private const int BytesAtFirst = 64 << 10;
    private const int BytesKept = 4 << 20;
    private byte[] _bytes = new byte[BytesAtFirst];

    /// <summary>The segment that the entries belong to.</summary>
    public Segment? Segment { get; private set; }

    /// <summary>Where the mark goes in the segment's message file.</summary>
    public long Offset { get; private set; }

    /// <summary>Bytes so far, the mark included.</summary>
    public int Length { get; private set; }

    /// <summary>The op of the last entry.</summary>
    public ulong LastOp { get; set; }

    /// <summary>The end of the log with this batch.</summary>
    public Lsn EndLsn { get; set; }

    /// <summary>Whether the segment is complete with this batch.</summary>
    public bool CompletesSegment { get; set; }

    public bool IsEmpty => Segment is null;

    public Span<byte> Bytes => _bytes.AsSpan(0, Length);

    public ReadOnlySpan<byte> this[Range range] => _bytes.AsSpan(0, Length)[range];

    /// <summary>Begins to gather for a place in a segment.</summary>
    public void Start(Segment segment, long offset)
    {
        Segment = segment;
        Offset = offset;
        Length = StoreLimits.SyncMarkBytes;
        CompletesSegment = false;
    }

    /// <summary>Room for more bytes behind the last.</summary>
    public Span<byte> Extend(int bytes)
    {
        if (Length + bytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(Length + bytes, _bytes.Length * 2));
        }

        var extension = _bytes.AsSpan(Length, bytes);
        Length += bytes;
        return extension;
    }

    /// <summary>Takes back bytes from the end.</summary>
    public void CutTo(int length) => Length = length;

    /// <summary>The bytes with some zeros behind them, for the write that also zeroes ahead.</summary>
    public ReadOnlySpan<byte> WithZeros(int zeros)
    {
        var length = Length;
        Extend(zeros).Clear();
        Length = length;
        return _bytes.AsSpan(0, length + zeros);
    }

    /// <summary>Forgets the entries; a buffer that grew far is let go.</summary>
    public void Reset()
    {
        Segment = null;
        Length = 0;
        if (_bytes.Length > BytesKept * 2)
        {
            _bytes = new byte[BytesKept];
        }
    }
}
