using System.Buffers;
using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Index;

namespace Dymes.MessageStore.Reading;

/// <summary>
/// Reads frames into one buffer after the other, back to back, each checked. Places that lie close together are read at once, straight into the buffer. Not thread-safe; one
/// for each query.
/// </summary>
/// <param name="clock">Tells how long a read takes; null: the system's.</param>
public sealed class FrameReader(TimeProvider? clock = null) : IDisposable
{
    private const int DoubledBytesMax = 512 << 10; // buffers grow by what they lack from here on
    private const int GapBytesMax = 4 << 10; // reading this much for nothing costs less than another call
    private const int ExpectedRunsMax = 64;
    private const int ExpectedBytesMax = 1 << 20;
    private static readonly TimeSpan CallTime = TimeSpan.FromMicroseconds(25); // a call that finds its bytes in the page cache takes a tenth of it
    private static readonly TimeSpan KilobyteTime = TimeSpan.FromMicroseconds(1); // copying takes a third of it
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private byte[] _page = [];
    private byte[] _scratch = [];

    /// <summary>How many bytes of frames are in the buffer.</summary>
    public int Length { get; private set; }

    /// <summary>The frames in the buffer.</summary>
    public ReadOnlyMemory<byte> Frames => _page.AsMemory(0, Length);

    /// <summary>Whether the last run came from the disk, to judge by the time that it took.</summary>
    public bool HasWaited { get; private set; }

    /// <summary>Empties the buffer.</summary>
    public void Clear() => Length = 0;

    /// <summary>How many of these places are read at once.</summary>
    /// <param name="places">The places, at least one.</param>
    /// <param name="bytesMax">No more bytes than this, but the first frame whole.</param>
    public static int RunLength(ReadOnlySpan<MessagePlace> places, int bytesMax)
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
            if (location.Size == 0 || end - start > bytesMax || end - start > wanted + ((long)length * GapBytesMax))
            {
                break;
            }
        }

        return length;
    }

    /// <summary>
    /// Has the disk fetch the runs to come side by side, for whoever has waited for one. One after the other, messages that lie far apart would take as many waits; and where they are in
    /// memory already, this would cost as much as reading them.
    /// </summary>
    /// <returns>The number of their places.</returns>
    public static int Expect(ReadOnlySpan<MessagePlace> places, int bytesMax)
    {
        var (expected, bytes) = (0, 0L);
        for (var runs = 0; expected < places.Length && runs < ExpectedRunsMax && bytes < ExpectedBytesMax; runs++)
        {
            var run = places.Slice(expected, RunLength(places[expected..], bytesMax));
            var (start, end, _) = ExtentOf(run);
            run[0].Segment.File.Expect(start, (int)(end - start));
            expected += run.Length;
            bytes += end - start;
        }

        return expected;
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
        var (start, end, ascends) = ExtentOf(run);
        var span = (int)(end - start);
        var source = ascends ? PageTail(span) : Scratch(span);
        var asked = _clock.GetTimestamp();
        var read = run[0].Segment.File.Read(source, start);
        HasWaited = _clock.GetElapsedTime(asked) > CallTime + (KilobyteTime * (span >> 10));
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

    // From where to where a run lies in its file, and whether in ascending order.
    private static (long Start, long End, bool Ascends) ExtentOf(ReadOnlySpan<MessagePlace> run)
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

        return (start, end, ascends);
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

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes, Math.Min(DoubledBytesMax, _page.Length * 2)));
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
