using System.Buffers;
using Dymes.Common;
using Dymes.Http.Answering;

namespace Dymes.Http.Appending;

/// <summary>The lines of NDJSON. Blank ones are passed over, but counted; one that is too long is passed over without being held.</summary>
internal sealed class LineItems(int lineBytesMax) : IBatchItems
{
    private long _line;
    private long _scanned;
    private bool _skipsToEnd;

    public bool TryTake(ref ReadOnlySequence<byte> buffer, bool isLast, out BatchItem item)
    {
        item = default;
        while (!buffer.IsEmpty)
        {
            // What was searched before is not searched again: a line may come in many small pieces.
            var end = buffer.Slice(_scanned).PositionOf((byte)'\n');
            if (end is null && !isLast)
            {
                return TrySkip(ref buffer, out item);
            }

            var line = end is { } found ? buffer.Slice(0, found) : buffer;
            buffer = end is { } newline ? buffer.Slice(buffer.GetPosition(1, newline)) : buffer.Slice(buffer.End);
            _scanned = 0;
            var wasSkipped = _skipsToEnd;
            _skipsToEnd = false;
            if (wasSkipped)
            {
                continue;
            }

            _line++;
            if (line.Length > lineBytesMax)
            {
                item = TooLong();
                return true;
            }

            if (!IsBlank(line))
            {
                item = new BatchItem(_line, line, null);
                return true;
            }
        }

        return false;
    }

    private bool TrySkip(ref ReadOnlySequence<byte> buffer, out BatchItem item)
    {
        item = default;
        if (!_skipsToEnd && buffer.Length <= lineBytesMax)
        {
            _scanned = buffer.Length;
            return false;
        }

        buffer = buffer.Slice(buffer.End);
        _scanned = 0;
        if (_skipsToEnd)
        {
            return false;
        }

        _skipsToEnd = true;
        _line++;
        item = TooLong();
        return true;
    }

    private BatchItem TooLong() => new(
        _line, default, Problem.Of(ErrorCode.TooLarge, $"The line is longer than {lineBytesMax} bytes. A message has at most 2 MiB.") with { Line = _line });

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var segment in line)
        {
            if (segment.Span.ContainsAnyExcept((byte)' ', (byte)'\t', (byte)'\r'))
            {
                return false;
            }
        }

        return true;
    }
}
