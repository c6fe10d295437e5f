using Dymes.Common;

namespace Dymes.Message;

/// <summary>Admits frames that somebody else built: beyond what <see cref="MessageFrame.TryRead"/> checks, it minds what the log promises of its entries.</summary>
public static class FrameAdmission
{
    /// <summary>Reads the frame at the start of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">One frame, and maybe more behind it.</param>
    /// <param name="takesReserved">Whether entries with all reserved keys that there are are taken; else only a channel's name is, and the mark of an idempotency key on a message that brings its id.</param>
    /// <exception cref="DymesException">The bytes are no frame, or not one that the log takes.</exception>
    public static MessageFrame Admit(ReadOnlySpan<byte> bytes, bool takesReserved)
    {
        var fault = MessageFrame.TryRead(bytes, out var frame);
        if (fault != FrameFault.None)
        {
            throw Invalid($"The bytes are no frame ({fault}); see doc/file-format.md.");
        }

        for (var i = 0; i < frame.KvCount; i++)
        {
            CheckEntry(frame, i, takesReserved);
        }

        return frame;
    }

    private static void CheckEntry(MessageFrame frame, int index, bool takesReserved)
    {
        var entry = frame.KvAt(index);
        if (IsShadowed(frame, index, entry.Key))
        {
            throw Invalid($"The frame's entry {index} has a key that an entry before it has.");
        }

        if (!ReservedKeys.IsReserved(entry.Key))
        {
            return;
        }

        var isName = entry.Key.SequenceEqual(ReservedKeys.ChannelName);
        if (!isName && !takesReserved && !IsMarkOfImport(frame, entry.Key))
        {
            throw Invalid($"The frame's entry {index} has a key that begins with dymes:, which only the log sets.");
        }

        if (ReservedEntry.FaultOf(entry.Key, entry.Value) is { } fault)
        {
            throw Invalid(fault);
        }

        if (isName && ChannelId.OfName(entry.Value) != frame.Channel)
        {
            throw Invalid($"The frame names a channel whose XxHash128 is not the frame's channel, {frame.Channel}.");
        }
    }

    // A message that brings its id was in a log before, and the mark of its request with it: an import gives it back as it was.
    private static bool IsMarkOfImport(MessageFrame frame, ReadOnlySpan<byte> key) => !frame.Id.IsNone && key.SequenceEqual(ReservedKeys.IdempotencyKey);

    private static bool IsShadowed(MessageFrame frame, int index, ReadOnlySpan<byte> key)
    {
        for (var before = 0; before < index; before++)
        {
            if (frame.KvAt(before).Key.SequenceEqual(key))
            {
                return true;
            }
        }

        return false;
    }

    private static DymesException Invalid(string message) => new(ErrorCode.InvalidArgument, message) { Field = "" };
}
