using System.Buffers.Binary;
using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Segments;

namespace Dymes.MessageStore.Recovery;

/// <summary>
/// Reads a sealed message file to make its index anew, around damage: a structure that cannot be read costs what it held, not what is behind it. Messages that were lost keep
/// their rows, with no place, so that every other message keeps its position.
/// </summary>
/// <remarks>
/// A body may hold bytes that look like any structure, put there by whoever wrote the message. So nothing is looked for inside of what was stored by others: the next structure is where the
/// intact ones around it say, or behind the next sync mark, which carries a tag of its file that no client knows.
/// </remarks>
internal sealed class SegmentSalvage
{
    private readonly ByteWindow _window;
    private readonly FrameSalvage _frames;
    private readonly List<EntryPlace> _entries = [];
    private readonly Segment _segment;
    private readonly int _count;
    private readonly int _entryCount;
    private UInt128? _parent; // the checksum of the entry before; null where its header is damaged
    private long? _batchEnd = StoreLimits.FileHeaderBytes; // where a mark must be; null behind one that is damaged
    private bool _hasGap;
    private long? _damageStart; // of what could not be read since the last structure that could

    private SegmentSalvage(Segment segment, int count, int entryCount, Func<ChannelId, ChannelEntry?> findOlder)
    {
        _segment = segment;
        _count = count;
        _entryCount = entryCount;
        _parent = segment.Header.ParentChecksum;
        _window = new ByteWindow(segment.File);
        Rows = new ActiveIndex(segment.FirstLsn, findOlder);
        _frames = new FrameSalvage(_window, Rows, segment.FirstLsn);
    }

    public ActiveIndex Rows { get; }

    /// <summary>The messages that cannot be read.</summary>
    public IReadOnlyList<SalvageLoss> Losses => _frames.Losses;

    /// <summary>Of these the first that not even an id is known of; null where there is none.</summary>
    public SalvageLoss? FirstUnknown => _frames.FirstUnknown;

    /// <summary>Where the entries are that were found, those with damaged headers among them.</summary>
    public ReadOnlySpan<EntryPlace> Entries => _entries.ToArray();

    /// <summary>Whether the header of one of these cannot be read as it was.</summary>
    public bool HasDamagedEntries { get; private set; }

    /// <summary>Whether an entry is missing among those found, so that it is not known which of them is which.</summary>
    public bool MissesEntries => _hasGap || (_entryCount < 0 ? HasDamagedEntries : _entries.Count != _entryCount);

    /// <summary>The first entry of which the header cannot be read; null where there is none.</summary>
    public LostEntry? FirstDamaged { get; private set; }

    /// <summary>Reads a message file.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="endOffset">Where its batches end.</param>
    /// <param name="count">How many messages it must have; -1 where that is not known.</param>
    /// <param name="entryCount">How many entries it must have; -1 where that is not known.</param>
    /// <param name="findOlder">Makes the look-up of what older segments know of a channel.</param>
    public static SegmentSalvage Read(Segment segment, long endOffset, int count, int entryCount, Func<Segment, Func<ChannelId, ChannelEntry?>> findOlder)
    {
        var salvage = new SegmentSalvage(segment, count, entryCount, findOlder(segment));
        salvage.Run(endOffset);
        return salvage;
    }

    private void Run(long endOffset)
    {
        long offset = StoreLimits.FileHeaderBytes;
        while (offset < endOffset)
        {
            offset = ReadMark(offset) ?? ReadEntry(offset) ?? ReadBehindDamage(offset, endOffset);
        }

        if (_count > Rows.Count)
        {
            _frames.LoseUpTo(_segment.LsnOf(_count), _damageStart ?? endOffset);
            HasDamagedEntries = true;
        }
    }

    // Each of these gives the offset behind what it read, or null where there is no such structure.
    private long? ReadMark(long offset)
    {
        if (!SyncMark.TryRead(_window.At(offset, StoreLimits.SyncMarkBytes), _segment.Tag, out var mark))
        {
            return null;
        }

        _batchEnd = offset + StoreLimits.SyncMarkBytes + mark.BatchBytes;
        return offset + StoreLimits.SyncMarkBytes;
    }

    private long? ReadEntry(long offset)
    {
        if (!EntryHeader.TryRead(_window.At(offset, EntryLimits.HeaderBytes), out var entry, out var checksum) || !IsExpected(entry.FirstLsn))
        {
            return null;
        }

        _frames.LoseUpTo(entry.FirstLsn, _damageStart ?? offset);
        _damageStart = null;
        _hasGap |= entry.Op != NextOp;
        _parent = checksum;
        Add(offset);
        var end = offset + EntryLimits.HeaderBytes + entry.FrameBytes;
        var endLsn = new Lsn(entry.FirstLsn.Value + entry.MessageCount);
        _frames.ReadAll(offset + EntryLimits.HeaderBytes, end, endLsn);
        return offset + entry.SizeBytes;
    }

    // Here should be a mark or an entry, and is neither. What is behind a damaged mark is where it must be, and so is an entry whose header is damaged.
    private long ReadBehindDamage(long offset, long endOffset)
    {
        _damageStart ??= offset;
        var behindMark = offset + StoreLimits.SyncMarkBytes;
        if ((TryReadHeader(behindMark, out var entry) && entry.FirstLsn == _segment.LsnOf(Rows.Count)) || IsMark(behindMark))
        {
            _batchEnd = null;
            return behindMark;
        }

        var (op, isFirst, place) = (NextOp, !HasDamagedEntries, PlaceAt(offset, endOffset));
        if (_entryCount < 0 ? !_frames.IsNext((place ?? offset) + EntryLimits.HeaderBytes) : _entries.Count == _entryCount)
        {
            return NextMark(offset + StoreLimits.AlignmentBytes, endOffset); // nothing says that an entry is here: the batches may end before
        }

        var framesEnd = ReadFrames(place ?? offset);
        var end = FindBehind(place ?? offset, framesEnd, op, endOffset);
        if (isFirst && _parent is { } parent)
        {
            FirstDamaged = new LostEntry(op, place ?? offset, end, parent, MayFollowMark: place is null);
        }

        HasDamagedEntries = true;
        _hasGap |= place is null;
        _batchEnd = place == offset ? _batchEnd : null;
        _parent = null;
        return end;
    }

    // Where the entry is that begins at an offset, or behind a mark there that cannot be read; null where nobody knows which.
    private long? PlaceAt(long offset, long endOffset)
    {
        var behindMark = offset + StoreLimits.SyncMarkBytes;
        if (_batchEnd is { } end)
        {
            return offset == end ? behindMark : offset;
        }

        if (_frames.IsNext(offset + EntryLimits.HeaderBytes))
        {
            return offset;
        }

        if (_frames.IsNext(behindMark + EntryLimits.HeaderBytes))
        {
            return behindMark;
        }

        return MarkBefore(NextMark(offset, endOffset)) switch
        {
            { } before when before == offset => behindMark,
            { } before when before < offset => offset,
            _ => null,
        };
    }

    // An entry whose header is damaged: its messages, as far as they can be read. Returns where they end.
    private long ReadFrames(long place)
    {
        Add(place);
        var at = place + EntryLimits.HeaderBytes;
        while (_frames.Read(at) is { } next)
        {
            at = next;
        }

        return at;
    }

    // Right behind the messages, or behind the answer: an entry is known there by the checksum that it has of the damaged header, be it that or the rest of the header that is damaged.
    private long FindBehind(long place, long framesEnd, ulong op, long endOffset)
    {
        var head = _window.At(place, EntryLimits.HeaderBytes);
        var (stored, computed) = head.Length == EntryLimits.HeaderBytes ? (BinaryPrimitives.ReadUInt128LittleEndian(head), Checksum.Of(head[16..])) : default;
        for (var at = framesEnd; at < endOffset && !IsMark(at); at += StoreLimits.AlignmentBytes)
        {
            if (TryReadHeader(at, out var entry) && entry.Op == op + 1 && IsExpected(entry.FirstLsn)
                && (at == framesEnd || entry.ParentChecksum == stored || entry.ParentChecksum == computed))
            {
                return at;
            }
        }

        return NextMark(framesEnd, endOffset);
    }

    private long NextMark(long offset, long endOffset)
    {
        for (var at = offset; at < endOffset; at += StoreLimits.AlignmentBytes)
        {
            if (IsMark(at))
            {
                return at;
            }
        }

        return endOffset;
    }

    private ulong NextOp => _segment.Header.FirstOp + (ulong)_entries.Count;

    private void Add(long place) => _entries.Add(new EntryPlace(Rows.Count, (uint)(place / StoreLimits.AlignmentBytes)));

    // What the mark at an offset says of the one before it.
    private long? MarkBefore(long offset) =>
        SyncMark.TryRead(_window.At(offset, StoreLimits.SyncMarkBytes), _segment.Tag, out var mark) ? mark.PreviousOffset : null;

    private bool IsMark(long offset) => SyncMark.TryRead(_window.At(offset, StoreLimits.SyncMarkBytes), _segment.Tag, out _);

    private bool TryReadHeader(long offset, out EntryHeader header) => EntryHeader.TryRead(_window.At(offset, EntryLimits.HeaderBytes), out header, out _);

    private bool IsExpected(Lsn lsn) =>
        lsn >= _segment.LsnOf(Rows.Count) && (_count < 0 || lsn < _segment.LsnOf(_count));
}
