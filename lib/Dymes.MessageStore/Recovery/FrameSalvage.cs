using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Index;

namespace Dymes.MessageStore.Recovery;

/// <summary>Reads messages around damage, one row for each, be it without a place.</summary>
internal sealed class FrameSalvage(ByteWindow window, ActiveIndex rows, Lsn firstLsn)
{
    private readonly List<SalvageLoss> _losses = [];

    /// <summary>The messages that cannot be read.</summary>
    public IReadOnlyList<SalvageLoss> Losses => _losses;

    /// <summary>Of these the first that not even an id is known of; null where there is none.</summary>
    public SalvageLoss? FirstUnknown { get; private set; }

    private Lsn NextLsn => new(firstLsn.Value + (ulong)rows.Count);

    /// <summary>Reads all messages below a position out of a stretch of a file.</summary>
    public void ReadAll(long offset, long end, Lsn endLsn)
    {
        while (offset < end && NextLsn < endLsn)
        {
            offset = Read(offset) ?? FindFrameBehind(offset, end, endLsn);
        }

        LoseUpTo(endLsn, offset);
    }

    /// <summary>Whether the next message is at an offset.</summary>
    public bool IsNext(long offset) =>
        MessageFrame.TryReadHeader(window.At(offset, MessageLimits.FrameHeaderBytes), out var header, out _) && header.Lsn == NextLsn && rows.FindId(header.Id) < 0;

    /// <summary>Reads the next message at an offset, as far as it can be read; the offset behind it, or null where there is no such message.</summary>
    public long? Read(long offset)
    {
        if (!MessageFrame.TryReadHeader(window.At(offset, MessageLimits.FrameHeaderBytes), out var header, out var size)
            || header.Lsn != NextLsn || rows.FindId(header.Id) >= 0)
        {
            return null;
        }

        var location = FrameLocation.Of(offset, size);
        if (MessageFrame.TryRead(window.At(offset, size), out var frame) == FrameFault.None)
        {
            rows.Add(frame, location);
        }
        else
        {
            MessageFrame.TryReadHeader(window.At(offset, MessageLimits.FrameHeaderBytes), out header, out _);
            _losses.Add(new SalvageLoss(offset, header.Lsn, header.Lsn));
            rows.AddDamaged(header, location);
        }

        return offset + size;
    }

    /// <summary>Gives up the messages below a position that have not been read.</summary>
    public void LoseUpTo(Lsn lsn, long damageStart)
    {
        if (lsn <= NextLsn)
        {
            return;
        }

        var loss = new SalvageLoss(damageStart, NextLsn, new Lsn(lsn.Value - 1));
        _losses.Add(loss);
        FirstUnknown ??= loss;
        while (NextLsn < lsn)
        {
            rows.AddLost();
        }
    }

    // Behind a header that cannot be read only frames that lead without a gap to the end that the entry names can be the true ones: a forged one leaves no position for them.
    private long FindFrameBehind(long offset, long end, Lsn endLsn)
    {
        for (var at = offset + MessageLimits.FrameHeaderBytes; at < end; at += StoreLimits.AlignmentBytes)
        {
            if (MessageFrame.TryReadHeader(window.At(at, MessageLimits.FrameHeaderBytes), out var header, out _)
                && header.Lsn > NextLsn && header.Lsn < endLsn && LeadsTo(at, header.Lsn, end, endLsn))
            {
                MessageFrame.TryReadHeader(window.At(at, MessageLimits.FrameHeaderBytes), out header, out _);
                LoseUpTo(header.Lsn, offset);
                return at;
            }
        }

        LoseUpTo(endLsn, offset);
        return end;
    }

    private bool LeadsTo(long offset, Lsn lsn, long end, Lsn endLsn)
    {
        while (offset < end && MessageFrame.TryReadHeader(window.At(offset, MessageLimits.FrameHeaderBytes), out var header, out var size) && header.Lsn == lsn)
        {
            offset += size;
            lsn = lsn.Next;
        }

        return offset == end && lsn == endLsn;
    }
}

/// <summary>Messages that cannot be read.</summary>
/// <param name="Offset">Where the damage begins.</param>
/// <param name="FirstLsn">The first message that is lost.</param>
/// <param name="LastLsn">The last message that is lost.</param>
internal sealed record SalvageLoss(long Offset, Lsn FirstLsn, Lsn LastLsn);
