using System.Buffers;
using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Index;

namespace Dymes.MessageStore.Reading;

/// <summary>
/// Reads frames into one buffer after the other, back to back, each checked. Places that lie close together are read at once, straight into the buffer. Not thread-safe; one
/// for each query.
/// </summary>
public sealed class FrameReader : IDisposable
{
    /// <summary>A buffer is given out when it holds this much: a reader gets its first messages soon, and one that scans spends little on the way.</summary>
    public const int PageBytes = 256 << 10;

    private const int GapBytesMax = 4 << 10; // reading this much for nothing costs less than another call
    private byte[] _page = [];
    private byte[] _scratch = [];

    /// <summary>How many bytes of frames are in the buffer.</summary>
    public int Length { get; private set; }

    /// <summary>The frames in the buffer.</summary>
    public ReadOnlyMemory<byte> Frames => _page.AsMemory(0, Length);

    /// <summary>Empties the buffer.</summary>
    public void Clear() => Length = 0;

    /// <summary>How many of these places are read at once.</summary>
    public static int RunLength(ReadOnlySpan<MessagePlace> places)
    {
        var segment = places[0].Segment;
        var index = segment.Index;
        var first = index.LocationAt(places[0].Row);
        long start = first.Offset, end = first.End, wanted = first.Size;
        var length = 1;
        for (; length < places.Length && places[length].Segment == segment; length++)
        {
            var location = index.LocationAt(places[length].Row);
            start = Math.Min(start, location.Offset);
            end = Math.Max(end, location.End);
            wanted += location.Size;
            if (location.Size == 0 || end - start > PageBytes || end - start > wanted + ((long)length * GapBytesMax))
            {
                break;
            }
        }

        return length;
    }

    /// <summary>Reads the places of one run, and keeps the frames that <paramref name="accepts"/> lets pass, in their order.</summary>
    /// <returns>How many were kept.</returns>
    /// <exception cref="DymesException">Bytes do not match their checksum.</exception>
    public int Read(ReadOnlySpan<MessagePlace> run, FrameAcceptance accepts)
    {
        try
        {
            return ReadAll(run, accepts);
        }
        catch (DymesException error) when (error.Lsn is not null)
        {
            if (!run[0].Segment.HealLocation(error.Lsn.Value))
            {
                throw;
            }
        }

        return ReadAll(run, accepts); // it was another place
    }

    private int ReadAll(ReadOnlySpan<MessagePlace> run, FrameAcceptance accepts)
    {
        var index = run[0].Segment.Index;
        long start = long.MaxValue, end = 0;
        var ascends = true;
        foreach (var place in run)
        {
            var location = LocationOf(index, place);
            ascends &= location.Offset >= end;
            start = Math.Min(start, location.Offset);
            end = Math.Max(end, location.End);
        }

        var span = (int)(end - start);
        var source = ascends ? PageTail(span) : Scratch(span);
        var read = run[0].Segment.File.Read(source, start);
        var (kept, length) = (0, Length);
        try
        {
            foreach (var place in run)
            {
                var location = index.LocationAt(place.Row);
                var from = (int)(location.Offset - start);
                var frame = Check(source[Math.Min(from, read)..read], place, location);
                if (accepts(frame))
                {
                    Keep(frame.Bytes);
                    kept++;
                }
            }
        }
        catch (DymesException)
        {
            Length = length; // of a run with damage nothing is kept: it may be read again
            throw;
        }

        return kept;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Return(ref _page);
        Return(ref _scratch);
    }

    private static FrameLocation LocationOf(ISegmentIndex index, MessagePlace place)
    {
        var location = index.LocationAt(place.Row);
        return location.Size is > 0 and <= MessageLimits.FrameBytesMax
            ? location
            : throw new DymesException(ErrorCode.StorageDamaged, $"Message {place.Lsn} was lost to damage of {place.Segment.Path}. Restore the file from a backup.") { Lsn = place.Lsn };
    }

    private static MessageFrame Check(ReadOnlySpan<byte> bytes, MessagePlace place, FrameLocation location)
    {
        var fault = MessageFrame.TryRead(bytes, out var frame);
        if (fault == FrameFault.None && frame.Lsn == place.Lsn)
        {
            return frame;
        }

        throw new DymesException(
            ErrorCode.StorageDamaged,
            $"{place.Segment.Path}: message {place.Lsn} at offset {location.Offset} is damaged ({(fault == FrameFault.None ? $"it is message {frame.Lsn}" : fault)}). " +
            "Other messages are not affected. Restore the file from a backup.")
        {
            Lsn = place.Lsn,
        };
    }

    // The kept frame may overlap its source in the page's tail, but never lies behind it.
    private void Keep(ReadOnlySpan<byte> frame)
    {
        EnsurePage(Length + frame.Length);
        frame.CopyTo(_page.AsSpan(Length));
        Length += frame.Length;
    }

    private Span<byte> PageTail(int bytes)
    {
        EnsurePage(Length + bytes);
        return _page.AsSpan(Length, bytes);
    }

    private Span<byte> Scratch(int bytes)
    {
        EnsurePage(Length + bytes);
        if (_scratch.Length < bytes)
        {
            Return(ref _scratch);
            _scratch = ArrayPool<byte>.Shared.Rent(bytes);
        }

        return _scratch.AsSpan(0, bytes);
    }

    private void EnsurePage(int bytes)
    {
        if (bytes <= _page.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes, Math.Min(PageBytes * 2, _page.Length * 2)));
        _page.AsSpan(0, Length).CopyTo(larger);
        Return(ref _page);
        _page = larger;
    }

    private static void Return(ref byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        buffer = [];
    }
}

/// <summary>Whether a frame belongs in an answer.</summary>
public delegate bool FrameAcceptance(MessageFrame frame);
