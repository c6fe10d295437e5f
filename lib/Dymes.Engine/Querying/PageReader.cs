using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.MessageStore.Reading;

namespace Dymes.Engine.Querying;

/// <summary>
/// Turns places into pages: reads, checks, applies bounds and filters, and stops at the limit. Holds two buffers, whatever the size of the answer. The first page is small, so that a reader
/// gets its first messages soon, and the next ones are larger, so that one that scans spends little on the way.
/// </summary>
internal sealed class PageReader : IDisposable
{
    /// <summary>How many places are asked of a source at once.</summary>
    public const int PlacesPerStep = 512;

    private const int FirstPlaces = 16;
    private const int FirstPageBytes = 16 << 10;
    private const int PageGrowth = 4;
    private const int PageBytesMax = 256 << 10;
    private const int RunsPerEmptyPage = 256;
    private const int WaitsMax = 2; // one may have been for a processor
    private readonly FrameAcceptance _accepts;
    private readonly FrameAcceptance? _belongs;
    private readonly FrameReader _reader;
    private readonly MessagePlace[] _places = new MessagePlace[PlacesPerStep];
    private readonly IPlaceSource _source;
    private readonly MessageQuery _query;
    private int _next;
    private int _filled;
    private int _expected; // behind the places that the disk was asked for together
    private int _waits; // one after the other
    private int _step = FirstPlaces;
    private int _pageBytes = FirstPageBytes;
    private long _left;
    private MessageId _seenId; // of what was looked at last

    /// <param name="source">Names the messages.</param>
    /// <param name="query">Bounds, filters and limit.</param>
    /// <param name="clock">Tells how long a read takes.</param>
    /// <param name="belongs">Whether a message belongs to the selection, where its place alone does not tell.</param>
    public PageReader(IPlaceSource source, MessageQuery query, TimeProvider clock, FrameAcceptance? belongs = null)
    {
        _source = source;
        _query = query;
        _reader = new FrameReader(clock);
        _belongs = belongs;
        _left = query.Limit ?? long.MaxValue;
        _accepts = Accepts;
        Position = query.After ?? default;
    }

    /// <summary>Behind the message that was looked at last.</summary>
    public QueryPosition Position { get; private set; }

    /// <summary>How many more messages the query's limit allows.</summary>
    public long Left => _left;

    /// <summary>Whether there may be more.</summary>
    public bool HasMore { get; private set; } = true;

    /// <summary>Reads the next page. It is empty where a stretch of messages was looked at and none passed, so that a long search can be given up.</summary>
    public FramePage Read()
    {
        _reader.Clear();
        var count = 0;
        MessagePlace? last = null;
        var lastId = MessageId.None;
        for (var runs = 0; _reader.Length < _pageBytes && (runs < RunsPerEmptyPage || count > 0); runs++)
        {
            try
            {
                HasMore = _left > 0 && HasPlaces();
                if (!HasMore)
                {
                    break;
                }

                var run = NextRun();
                var kept = _reader.Read(run, _accepts);
                _next += run.Length;
                count += kept;
                _left -= kept;
                (last, lastId) = (run[^1], _seenId);
                ExpectMore();
            }
            catch (DymesException error) when (last is not null && error.Lsn is not null)
            {
                break; // what comes before damage is given out first; the next page begins with it, and may be asked for again
            }
        }

        if (last is { } place)
        {
            Position = new QueryPosition(place.Ordinal, lastId);
        }

        _pageBytes = Math.Min(_pageBytes * PageGrowth, PageBytesMax);
        return new FramePage(_reader.Frames, count, Position);
    }

    public void Dispose() => _reader.Dispose();

    private ReadOnlySpan<MessagePlace> NextRun()
    {
        var run = _places.AsSpan(_next, FrameReader.RunLength(_places.AsSpan(_next.._filled), _pageBytes));
        return run.Length > _left ? run[..(int)_left] : run;
    }

    // Messages of a channel or a tree lie far apart: from memory each costs a microsecond, from a disk a hundred, if it is asked for one after the other.
    private void ExpectMore()
    {
        _waits = _reader.HasWaited ? _waits + 1 : 0;
        if (_waits >= WaitsMax && _next >= _expected && _next < _filled)
        {
            _expected = _next + FrameReader.Expect(_places.AsSpan(_next.._filled), _pageBytes);
        }
    }

    private bool HasPlaces()
    {
        if (_next == _filled)
        {
            (_filled, _next) = (_source.Next(_places.AsSpan(0, _step)), 0); // together, or it throws and neither
            _expected = 0;
            _step = PlacesPerStep; // the first answer comes soon, the rest in long runs
        }

        return _next < _filled;
    }

    private bool Accepts(MessageFrame frame)
    {
        _seenId = frame.Id;
        if (_belongs is not null && !_belongs(frame))
        {
            return false;
        }

        if (!_query.Bounds.Contains(frame.Lsn, frame.Id))
        {
            return false;
        }

        foreach (var filter in _query.Filters)
        {
            if (!filter.Passes(frame))
            {
                return false;
            }
        }

        return true;
    }
}
