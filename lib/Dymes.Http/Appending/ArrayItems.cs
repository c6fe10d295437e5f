using System.Buffers;
using Dymes.Common;
using Dymes.Http.Answering;

namespace Dymes.Http.Appending;

/// <summary>
/// The elements of a JSON array. It only looks for where an element ends, by counting brackets outside of strings; whether the element is good JSON is for its reader to
/// say. After an element that is too long, or anything that is no array, there is no way on.
/// </summary>
internal sealed class ArrayItems(int elementBytesMax) : IBatchItems
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"[]{},"u8);
    private static ReadOnlySpan<byte> White => " \t\r\n\uFEFF"u8;

    private static readonly SearchValues<byte> StringEnds = SearchValues.Create("\"\\"u8);

    private Place _place = Place.BeforeArray;
    private long _line;
    private long _scanned;
    private int _depth;
    private bool _isInString;

    private enum Place
    {
        BeforeArray,
        BeforeFirst,
        BeforeElement,
        InElement,
        AfterArray,
        Broken,
    }

    public bool TryTake(ref ReadOnlySequence<byte> buffer, bool isLast, out BatchItem item)
    {
        item = default;
        while (_place is not (Place.InElement or Place.Broken))
        {
            var before = _place;
            var problem = Enter(ref buffer, isLast);
            if (problem is not null)
            {
                item = new BatchItem(problem.Line ?? 0, default, problem);
                return true;
            }

            if (_place == before)
            {
                return false;
            }
        }

        if (_place == Place.InElement)
        {
            return TryTakeElement(ref buffer, isLast, out item);
        }

        buffer = buffer.Slice(buffer.End);
        return false;
    }

    // Passes white space and the array's own brackets. Where the place stays the same, there is nothing more to read.
    private Problem? Enter(ref ReadOnlySequence<byte> buffer, bool isLast)
    {
        var reader = new SequenceReader<byte>(buffer);
        reader.AdvancePastAny(White);
        buffer = reader.UnreadSequence;
        if (!reader.TryPeek(out var next))
        {
            return isLast && _place != Place.AfterArray ? Broken("The array has no end.") : null;
        }

        switch (_place)
        {
            case Place.BeforeArray when next == '[':
                _place = Place.BeforeFirst;
                buffer = buffer.Slice(1);
                return null;
            case Place.BeforeArray:
                return Broken("A batch of JSON is an array of messages. One message goes to POST /api/v1/messages, one a line is application/x-ndjson.");
            case Place.BeforeFirst when next == ']':
                _place = Place.AfterArray;
                buffer = buffer.Slice(1);
                return null;
            case Place.AfterArray:
                return Broken("There is something behind the array's end.");
            default:
                _place = Place.InElement;
                _depth = 0;
                _scanned = 0;
                return null;
        }
    }

    private bool TryTakeElement(ref ReadOnlySequence<byte> buffer, bool isLast, out BatchItem item)
    {
        item = default;
        var reader = new SequenceReader<byte>(buffer);
        reader.Advance(_scanned);
        if (TryFindEnd(ref reader, out var closesArray))
        {
            item = new BatchItem(++_line, buffer.Slice(0, reader.Consumed), null);
            buffer = buffer.Slice(reader.Consumed + 1);
            _place = closesArray ? Place.AfterArray : Place.BeforeElement;
            return true;
        }

        // What was searched before is not searched again: an element may come in many small pieces.
        _scanned = reader.Consumed;
        var isTooLong = buffer.Length > elementBytesMax;
        if (!isTooLong && !isLast)
        {
            return false;
        }

        var problem = isTooLong
            ? Broken($"The element is longer than {elementBytesMax} bytes. What follows was not read.", ErrorCode.TooLarge)
            : Broken("The array ends within an element.");
        item = new BatchItem(problem.Line ?? 0, default, problem);
        return true;
    }

    // Stops before the comma or bracket behind the element.
    private bool TryFindEnd(ref SequenceReader<byte> reader, out bool closesArray)
    {
        closesArray = false;
        while (_isInString ? TryFindStringEnd(ref reader) : TryAdvanceTo(ref reader, Structure))
        {
            if (_isInString)
            {
                _isInString = false;
                continue;
            }

            reader.TryPeek(out var symbol);
            if (_depth <= 0 && (symbol is (byte)',' or (byte)']'))
            {
                closesArray = symbol == ']';
                return true;
            }

            _depth += symbol is (byte)'[' or (byte)'{' ? 1 : symbol is (byte)']' or (byte)'}' ? -1 : 0;
            _isInString = symbol == '"';
            reader.Advance(1);
        }

        return false;
    }

    // Behind a backslash comes one byte that counts for nothing; where it has not come yet, the backslash is looked at again.
    private static bool TryFindStringEnd(ref SequenceReader<byte> reader)
    {
        while (TryAdvanceTo(ref reader, StringEnds))
        {
            reader.TryPeek(out var symbol);
            if (symbol == '"')
            {
                reader.Advance(1);
                return true;
            }

            if (reader.Remaining < 2)
            {
                return false;
            }

            reader.Advance(2);
        }

        return false;
    }

    private static bool TryAdvanceTo(ref SequenceReader<byte> reader, SearchValues<byte> symbols)
    {
        while (!reader.End)
        {
            var at = reader.UnreadSpan.IndexOfAny(symbols);
            if (at >= 0)
            {
                reader.Advance(at);
                return true;
            }

            reader.Advance(reader.UnreadSpan.Length);
        }

        return false;
    }

    private Problem Broken(string detail, ErrorCode code = ErrorCode.InvalidArgument)
    {
        _place = Place.Broken;
        return Problem.Of(code, detail) with { Line = ++_line };
    }
}
