using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Segments;

namespace Dymes.MessageStore.Scrubbing;

/// <summary>
/// Follows what lies between the entries of a segment: the file's header and the marks of the batches. Each of them says nothing that the segment and the places of the entries do not tell
/// too, so one that is damaged is made again.
/// </summary>
internal sealed class MarkScrub(Segment segment)
{
    private readonly List<(long Offset, byte[] Bytes)> _mended = [];
    private SyncMark? _last = new SyncMark(0, 0, 0, segment.Tag); // null behind what could not be read
    private long _lastOffset;
    private bool _isLastDamaged;

    /// <summary>Where the structure before ends that was read last; null where that is not known.</summary>
    public long? End { get; private set; } = 0;

    /// <summary>What was damaged, as it should be, and where.</summary>
    public IReadOnlyList<(long Offset, byte[] Bytes)> Mended => _mended;

    /// <summary>Checks what lies between the structure before and an offset.</summary>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        if (End == 0 && bytes.Length >= StoreLimits.FileHeaderBytes)
        {
            CheckHeader(bytes[..StoreLimits.FileHeaderBytes]);
            bytes = bytes[StoreLimits.FileHeaderBytes..];
            End = StoreLimits.FileHeaderBytes;
        }

        for (; bytes.Length >= StoreLimits.SyncMarkBytes && End is { } offset; bytes = bytes[StoreLimits.SyncMarkBytes..])
        {
            ReadMark(bytes, offset);
            End = offset + StoreLimits.SyncMarkBytes;
        }
    }

    /// <summary>An entry follows, which ends here; null where nobody knows where.</summary>
    public void GoBehindEntry(long? end)
    {
        End = end;
        if (end is null)
        {
            Forget();
        }
    }

    /// <summary>The batches end here.</summary>
    public void Finish(long end) => EndBatch(end);

    private void CheckHeader(ReadOnlySpan<byte> bytes)
    {
        var expected = new byte[StoreLimits.FileHeaderBytes];
        segment.Header.Write(expected);
        if (!bytes.SequenceEqual(expected) && FileHeader.Read(bytes, segment.Path) is null)
        {
            _mended.Add((0, expected));
        }
    }

    private void ReadMark(ReadOnlySpan<byte> bytes, long offset)
    {
        EndBatch(offset);
        _isLastDamaged = !SyncMark.TryRead(bytes, segment.Tag, out var mark);
        if (!_isLastDamaged)
        {
            _last = mark;
        }
        else if (_last is { } before)
        {
            _last = new SyncMark(before.Sequence + 1, _lastOffset, 0, segment.Tag);
        }

        _lastOffset = offset;
    }

    private void EndBatch(long end)
    {
        if (_isLastDamaged && _last is { } last)
        {
            var bytes = new byte[StoreLimits.SyncMarkBytes];
            (last with { BatchBytes = end - _lastOffset - StoreLimits.SyncMarkBytes }).Write(bytes);
            _mended.Add((_lastOffset, bytes));
        }

        _isLastDamaged = false;
    }

    private void Forget() => (_last, _isLastDamaged) = (null, false);
}
