using Dymes.Message;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Segments;

namespace Dymes.MessageStore.Recovery;

/// <summary>
/// Reads a sealed message file to make its index anew, around damage: a structure that cannot be read costs what it held, not what is behind it. Messages that were lost keep
/// their rows, with no place, so that every other message keeps its position.
/// </summary>
internal sealed class SegmentSalvage
{
    private readonly ByteWindow _window;
    private readonly List<EntryPlace> _entries = [];
    private readonly List<SalvageLoss> _losses = [];
    private readonly Segment _segment;
    private readonly int _count;

    private SegmentSalvage(Segment segment, int count, Func<ChannelId, ChannelEntry?> findOlder)
    {
        _segment = segment;
        _count = count;
        _window = new ByteWindow(segment.File);
        Rows = new ActiveIndex(segment.FirstLsn, findOlder);
    }

    public ActiveIndex Rows { get; }

    public IReadOnlyList<SalvageLoss> Losses => _losses;

    public ReadOnlySpan<EntryPlace> Entries => _entries.ToArray();

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
        long unreadable = -1;
        while (offset < endOffset)
        {
            var size = ReadStructure(offset, unreadable < 0 ? offset : unreadable);
            unreadable = size > 0 ? -1 : unreadable < 0 ? offset : unreadable;
            offset += size > 0 ? size : StoreLimits.AlignmentBytes;
        }

        if (_count > Rows.Count)
        {
            Lose(_count - Rows.Count, unreadable < 0 ? endOffset : unreadable);
        }
    }

    // The bytes of the structure at an offset, or 0 where there is none.
    private int ReadStructure(long offset, long damageStart)
    {
        var head = _window.At(offset, StoreLimits.EntryHeaderBytes);
        if (SyncMark.TryRead(head, _segment.Tag, out _))
        {
            return StoreLimits.SyncMarkBytes;
        }

        if (EntryHeader.TryRead(head, out var entry, out _) && IsExpected(entry.FirstLsn))
        {
            LoseUpTo(entry.FirstLsn, damageStart);
            _entries.Add(new EntryPlace(Rows.Count, (uint)(offset / StoreLimits.AlignmentBytes)));
            return StoreLimits.EntryHeaderBytes;
        }

        var size = MessageFrame.PeekSize(head);
        if (size is < MessageLimits.FrameHeaderBytes or > MessageLimits.FrameBytesMax)
        {
            return 0;
        }

        if (MessageFrame.TryRead(_window.At(offset, size), out var frame) != FrameFault.None || !IsExpected(frame.Lsn) || Rows.FindId(frame.Id) >= 0)
        {
            return 0;
        }

        LoseUpTo(frame.Lsn, damageStart);
        Rows.Add(frame, FrameLocation.Of(offset, size));
        return size;
    }

    private bool IsExpected(Lsn lsn) =>
        lsn >= _segment.LsnOf(Rows.Count) && (_count < 0 || lsn < _segment.LsnOf(_count));

    private void LoseUpTo(Lsn lsn, long damageStart) => Lose(_segment.RowOf(lsn) - Rows.Count, damageStart);

    private void Lose(int messages, long offset)
    {
        if (messages <= 0)
        {
            return;
        }

        _losses.Add(new SalvageLoss(offset, _segment.LsnOf(Rows.Count), _segment.LsnOf(Rows.Count + messages - 1)));
        for (var i = 0; i < messages; i++)
        {
            Rows.AddLost();
        }
    }
}

/// <summary>Messages that could not be found again.</summary>
/// <param name="Offset">Where the damage begins.</param>
/// <param name="FirstLsn">The first message that is lost.</param>
/// <param name="LastLsn">The last message that is lost.</param>
internal sealed record SalvageLoss(long Offset, Lsn FirstLsn, Lsn LastLsn);
