namespace Dymes.MessageStore.Segments;

/// <summary>
/// Writes batches: one write and one flush each. Small batches land on zeros that an earlier write laid down, which spares the flush the file system's journal; large ones
/// let the file grow, because writing everything twice would cost more than it saves (doc/benchmarks.md has the figures).
/// </summary>
internal sealed class BatchWriter(StoreOptions options)
{
    private const int LargeBatchBytes = StoreLimits.ZeroAheadBytes / 4;
    private Segment? _segment;
    private long _zeroedEnd;

    public long BytesWritten { get; private set; }

    public void Write(PendingBatch batch)
    {
        var segment = batch.Segment!;
        if (segment != _segment)
        {
            _segment = segment;
            _zeroedEnd = segment.File.Length;
        }

        var end = batch.Offset + batch.Length;
        var zeros = end > _zeroedEnd && batch.Length < LargeBatchBytes ? ZerosBehind(end) : 0;
        segment.File.Write(zeros > 0 ? batch.WithZeros(zeros) : batch.Bytes, batch.Offset);
        _zeroedEnd = Math.Max(_zeroedEnd, end + zeros);
        BytesWritten += batch.Length;
        if (options.SyncLevel != SyncLevel.None)
        {
            segment.File.Flush();
        }
    }

    private int ZerosBehind(long end) => (int)Math.Clamp(options.SegmentBytesMax - end, 0, StoreLimits.ZeroAheadBytes);
}
