using Dymes.MessageStore.Files;

namespace Dymes.MessageStore.Scrubbing;

/// <summary>Reads pieces of files that were opened with <see cref="DataFileMode.ReadDisk"/>, whole blocks at a time, into memory that is used again. Owned by whoever reads.</summary>
internal sealed class DiskReader
{
    /// <summary>Enough that the disk is asked seldom, and so little that whoever else wants something of it waits for less than a millisecond.</summary>
    public const int PieceBytes = 256 << 10;

    private readonly BlockBuffer _buffer = new(PieceBytes + (2 * BlockBuffer.BlockBytes));

    /// <summary>Reads bytes of a file; fewer where it ends before. They are there until the next call.</summary>
    public ReadOnlySpan<byte> Read(IDataFile file, long offset, int bytes)
    {
        var start = offset & -BlockBuffer.BlockBytes;
        var within = (int)(offset - start);
        var blocks = (int)(BlockBuffer.RoundUp(offset + bytes) - start);
        _buffer.EnsureCapacity(blocks);
        var read = file.Read(_buffer.Bytes[..blocks], start);
        return _buffer.Bytes[Math.Min(within, read)..Math.Min(within + bytes, read)];
    }
}
