using System.Buffers.Binary;
using System.Text.Unicode;
using Dymes.Common;

namespace Dymes.Message;

/// <summary>
/// Admits frames that somebody else built. Beyond what <see cref="MessageFrame.TryRead"/> checks, their entries must lie as <see cref="FrameBuilder"/> lays them: one
/// behind the other, each byte used once. Otherwise a thousand entries could share the same two megabytes, and reading such a message would make two gigabytes of it.
/// </summary>
public static class FrameAdmission
{
    /// <summary>Reads the frame at the start of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">One frame, and maybe more behind it.</param>
    /// <param name="takesReserved">Whether entries with all reserved keys are taken; else only a channel's name is.</param>
    /// <exception cref="DymesException">The bytes are no frame, or not one that the log takes.</exception>
    public static MessageFrame Admit(ReadOnlySpan<byte> bytes, bool takesReserved)
    {
        var fault = MessageFrame.TryRead(bytes, out var frame);
        if (fault != FrameFault.None)
        {
            throw Invalid($"The bytes are no frame ({fault}); see doc/file-format.md.");
        }

        var dataEnd = 0u;
        for (var i = 0; i < frame.KvCount; i++)
        {
            CheckPlace(frame, i, ref dataEnd);
            CheckEntry(frame, i, takesReserved);
        }

        return dataEnd == BinaryPrimitives.ReadUInt32LittleEndian(frame.Bytes[FrameLayout.KvDataBytes..])
            ? frame
            : throw Invalid("The frame's KV data has bytes that belong to no entry.");
    }

    private static void CheckPlace(MessageFrame frame, int index, ref uint dataEnd)
    {
        var header = frame.Bytes[(FrameLayout.HeaderEnd + (index * MessageLimits.KvHeaderBytes))..];
        var keyStart = BinaryPrimitives.ReadUInt32LittleEndian(header);
        var keyBytes = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        var valueStart = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        var valueBytes = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        if (keyStart != dataEnd || valueStart != keyStart + keyBytes)
        {
            throw Invalid($"The frame's entry {index} does not lie behind the one before it: key, then value, without gaps.");
        }

        dataEnd = valueStart + valueBytes;
    }

    private static void CheckEntry(MessageFrame frame, int index, bool takesReserved)
    {
        var entry = frame.KvAt(index);
        if (entry.Key.Length is 0 or > MessageLimits.KvKeyBytesMax)
        {
            throw Invalid($"The frame's entry {index} has a key of {entry.Key.Length} bytes; it must have 1 to {MessageLimits.KvKeyBytesMax}.");
        }

        if (!Utf8.IsValid(entry.Key) || !Utf8.IsValid(entry.Value))
        {
            throw Invalid($"The frame's entry {index} is not valid UTF-8.");
        }

        // The first of two equal keys is the one that is found.
        if (frame.TryGetKv(entry.Key, out var found) && !found.Overlaps(entry.Value) && !(found.IsEmpty && entry.Value.IsEmpty))
        {
            throw Invalid($"The frame's entry {index} has a key that an entry before it has.");
        }

        if (entry.Key.SequenceEqual(ReservedKeys.ChannelName))
        {
            CheckChannelName(frame.Channel, entry.Value);
        }
        else if (ReservedKeys.IsReserved(entry.Key) && !takesReserved)
        {
            throw Invalid($"The frame's entry {index} has a key that begins with dymes:, which only the log sets.");
        }
    }

    private static void CheckChannelName(ChannelId channel, ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > MessageLimits.ChannelNameBytesMax || ChannelId.OfName(name) != channel)
        {
            throw Invalid($"The frame names a channel whose XxHash128 is not the frame's channel, {channel}.");
        }
    }

    private static DymesException Invalid(string message) => new(ErrorCode.InvalidArgument, message) { Field = "" };
}
