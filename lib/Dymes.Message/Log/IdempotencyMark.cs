using System.Globalization;
using System.Text;
using Dymes.Common;

namespace Dymes.Message.Log;

/// <summary>The idempotency key as the first frame of a request carries it: <c>count:key</c>. So the log itself remembers it, on every replica.</summary>
public static class IdempotencyMark
{
    /// <summary>Puts the mark on a frame that is being built, the first of a request of <paramref name="count"/> messages.</summary>
    public static void Put(FrameBuilder builder, int count, string key) =>
        builder.AddKv(ReservedKeys.IdempotencyKey, Encoding.UTF8.GetBytes($"{count.ToString(CultureInfo.InvariantCulture)}:{key}"));

    /// <summary>A copy of a frame, with the mark behind its other entries, unless it has this very mark already.</summary>
    /// <exception cref="DymesException">The frame has no room for it, or has the mark of another request.</exception>
    public static byte[] AddTo(MessageFrame frame, int count, string key)
    {
        if (IsOn(frame.Bytes, count, key))
        {
            return frame.Bytes.ToArray();
        }

        if (frame.TryGetKv(ReservedKeys.IdempotencyKey, out _))
        {
            throw new DymesException(ErrorCode.InvalidArgument, "The first message carries the mark of another request than that of the Idempotency-Key. Append it without the header, or without the mark.");
        }

        var builder = new FrameBuilder { Id = frame.Id, CorrelationId = frame.CorrelationId, Channel = frame.Channel, Routing = frame.Routing };
        for (var i = 0; i < frame.KvCount; i++)
        {
            var entry = frame.KvAt(i);
            builder.AddKv(entry.Key, entry.Value);
        }

        Put(builder, count, key);
        return builder.Build(frame.Body);
    }

    /// <summary>Whether the first of these frames carries this very mark.</summary>
    public static bool IsOn(ReadOnlySpan<byte> frames, int count, string key)
    {
        var first = new FrameEnumerator(frames);
        return first.MoveNext() && TryGet(first.Current, out var marked, out var markedKey)
            && marked == count && markedKey.SequenceEqual(Encoding.UTF8.GetBytes(key));
    }

    /// <summary>Reads the mark of a frame, if it has one.</summary>
    public static bool TryGet(MessageFrame frame, out int count, out ReadOnlySpan<byte> key)
    {
        count = 0;
        key = default;
        if (!frame.TryGetKv(ReservedKeys.IdempotencyKey, out var mark))
        {
            return false;
        }

        var colon = mark.IndexOf((byte)':');
        if (colon <= 0 || !int.TryParse(mark[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out count))
        {
            return false;
        }

        key = mark[(colon + 1)..];
        return true;
    }

    /// <summary>Whether these bytes are a mark as the log sets it.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> mark)
    {
        var colon = mark.IndexOf((byte)':');
        return colon > 0 && mark[0] != (byte)'0'
            && int.TryParse(mark[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MessageLimits.RequestMessagesMax
            && mark.Length - colon - 1 is >= 1 and <= MessageLimits.IdempotencyKeyBytesMax;
    }
}
