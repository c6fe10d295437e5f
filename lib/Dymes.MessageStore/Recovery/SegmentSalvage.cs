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
    private long? _damageStart; // of what could not be read since the last structure that could

    private SegmentSalvage(Segment segment, int count, Func<ChannelId, ChannelEntry?> findOlder)
    {
        _segment = segment;
        _count = count;
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
    public bool MissesEntries { get; private set; }

    /// <summary>Reads a message file.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="endOffset">Where its batches end.</param>
    /// <param name="count">How many messages it must have; -1 where that is not known.</param>
    /// <param name="findOlder">Makes the look-up of what older segments know of a channel.</param>
    public static SegmentSalvage Read(Segment segment, long endOffset, int count, Func<Segment, Func<ChannelId, ChannelEntry?>> findOlder)
    {
        var salvage = new SegmentSalvage(segment, count, findOlder(segment));
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
            MissesEntries = true;
        }
    }

    // Each of these gives the offset behind what it read, or null where there is no such structure.
    private long? ReadMark(long offset)
    {
        if (!SyncMark.TryRead(_window.At(offset, StoreLimits.SyncMarkBytes), _segment.Tag, out _))
        {
            return null;
        }

        return offset + StoreLimits.SyncMarkBytes;
    }

    private long? ReadEntry(long offset)
    {
        if (!EntryHeader.TryRead(_window.At(offset, EntryLimits.HeaderBytes), out var entry, out _) || !IsExpected(entry.FirstLsn))
        {
            return null;
        }

        _frames.LoseUpTo(entry.FirstLsn, _damageStart ?? offset);
        _damageStart = null;
        MissesEntries |= entry.Op != _segment.Header.FirstOp + (ulong)_entries.Count;
        _entries.Add(new EntryPlace(Rows.Count, (uint)(offset / StoreLimits.AlignmentBytes)));
        var end = offset + EntryLimits.HeaderBytes + entry.FrameBytes;
        var endLsn = new Lsn(entry.FirstLsn.Value + entry.MessageCount);
        _frames.ReadAll(offset + EntryLimits.HeaderBytes, end, endLsn);
        return offset + entry.SizeBytes;
    }

    // Here should be a mark or an entry, and is neither. The entry behind a damaged mark and the messages behind an entry's damaged header are where they must be; all else is found
    // again at the next mark.
    private long ReadBehindDamage(long offset, long endOffset)
    {
        _damageStart ??= offset;
        if (EntryHeader.TryRead(_window.At(offset + StoreLimits.SyncMarkBytes, EntryLimits.HeaderBytes), out var entry, out _) && entry.FirstLsn == _segment.LsnOf(Rows.Count))
        {
            return offset + StoreLimits.SyncMarkBytes;
        }

        var row = Rows.Count;
        if (_frames.Read(offset + EntryLimits.HeaderBytes) is not { } at)
        {
            return NextMark(offset + StoreLimits.AlignmentBytes, endOffset);
        }

        HasDamagedEntries = true;
        _entries.Add(new EntryPlace(row, (uint)(offset / StoreLimits.AlignmentBytes)));
        while (at < endOffset && _frames.Read(at) is { } next)
        {
            at = next;
        }

        return EntryHeader.TryRead(_window.At(at, EntryLimits.HeaderBytes), out _, out _) ? at : NextMark(at, endOffset);
    }

    private long NextMark(long offset, long endOffset)
    {
        for (var at = offset; at < endOffset; at += StoreLimits.AlignmentBytes)
        {
            if (SyncMark.TryRead(_window.At(at, StoreLimits.SyncMarkBytes), _segment.Tag, out _))
            {
                return at;
            }
        }

        return endOffset;
    }

    private bool IsExpected(Lsn lsn) =>
        lsn >= _segment.LsnOf(Rows.Count) && (_count < 0 || lsn < _segment.LsnOf(_count));
}
