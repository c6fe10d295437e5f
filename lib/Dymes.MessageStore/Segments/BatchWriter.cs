using Dymes.Common;
using Dymes.MessageStore.Files;

namespace Dymes.MessageStore.Segments;

/// <summary>
/// Writes batches: one write and one flush each. Small batches land on zeros that an earlier write laid down, which spares the flush the file system's journal, and stay in the page cache
/// for readers that follow the log. Large ones let the file grow, because writing everything twice would cost more than it saves, and go past the page cache: copying into fresh pages of it
/// costs more than the disk does (bench/README.md has the figures).
/// </summary>
internal sealed class BatchWriter(StoreOptions options)
{
    private readonly byte[] _lastBlock = new byte[BlockBuffer.BlockBytes];
    private Segment? _segment;
    private long _zeroedEnd;
    private long _lastBlockEnd;

    /// <summary>The file was changed by another.</summary>
    public void Forget() => _segment = null;

    public void Write(PendingBatch batch)
    {
        var segment = batch.Segment!;
        if (segment != _segment)
        {
            _segment = segment;
            _zeroedEnd = segment.File.Length;
            _lastBlockEnd = 0;
        }

        if (batch.Length < StoreLimits.LargeBatchBytes)
        {
            WriteOverZeros(batch, segment.File);
        }
        else
        {
            WriteBlocks(batch, segment.File);
        }

        if (options.SyncLevel != SyncLevel.None)
        {
            segment.File.Flush();
        }
    }

    private void WriteOverZeros(PendingBatch batch, IDataFile file)
    {
        var end = batch.Offset + batch.Length;
        var zeros = end > _zeroedEnd ? (int)Math.Clamp(options.SegmentBytesMax - end, 0, StoreLimits.ZeroAheadBytes) : 0;
        file.Write(zeros > 0 ? batch.WithZeros(zeros) : batch.Bytes, batch.Offset);
        _zeroedEnd = Math.Max(_zeroedEnd, end + zeros);
    }

    // The first block is written again with what it held: a block that is torn is torn between equal bytes.
    private void WriteBlocks(PendingBatch batch, IDataFile file)
    {
        var start = batch.Offset - batch.Lead.Length;
        if (_lastBlockEnd == batch.Offset)
        {
            _lastBlock.AsSpan(0, batch.Lead.Length).CopyTo(batch.Lead);
        }
        else
        {
            InvariantViolation.Assert(file.Read(batch.Lead, start) == batch.Lead.Length, "what lies before a batch is in the file");
        }

        var blocks = batch.Blocks();
        file.WriteBlocks(blocks, start);
        _zeroedEnd = Math.Max(_zeroedEnd, start + blocks.Length);
        _lastBlockEnd = batch.Offset + batch.Length;
        blocks[^BlockBuffer.BlockBytes..].CopyTo(_lastBlock);
    }
}
