using Dymes.Common;
using Dymes.Message;

namespace Dymes.MessageStore.Segments;

/// <summary>Checks an entry that another replica made, before anything of this log is changed for it: whatever arrives, the index stays right.</summary>
internal sealed class EntryAdmission(SegmentList segments)
{
    private readonly HashSet<MessageId> _ids = []; // of the entry

    public EntryFault Check(in EntryHeader header, ReadOnlySpan<byte> body, LogTail tail)
    {
        if (header.Op != tail.NextOp || header.ParentChecksum != tail.ParentChecksum || header.FirstLsn != tail.NextLsn)
        {
            return EntryFault.NotNext;
        }

        var fault = CheckContent(header, body);
        return fault == EntryFault.None && HasKnownId(body[..header.FrameBytes]) ? EntryFault.MessageId : fault;
    }

    /// <summary>Checks an entry by itself.</summary>
    public static EntryFault CheckContent(in EntryHeader header, ReadOnlySpan<byte> body)
    {
        if (body.Length > EntryLimits.BodyBytesMax || header.SizeBytes != (uint)(EntryLimits.HeaderBytes + body.Length) || header.AnswerBytes > body.Length || Checksum.Of(body) != header.BodyChecksum)
        {
            return EntryFault.Body;
        }

        if (!Enum.IsDefined(header.Kind) || header.MessageCount > 0 != (header.Kind == EntryKind.Messages))
        {
            return EntryFault.Kind;
        }

        return header.MessageCount > EntryLimits.MessagesMax ? EntryFault.MessageCount : CheckFrames(header, body[..header.FrameBytes]);
    }

    private static EntryFault CheckFrames(in EntryHeader header, ReadOnlySpan<byte> frames)
    {
        var lsn = header.FirstLsn;
        for (; !frames.IsEmpty; lsn = lsn.Next)
        {
            if (MessageFrame.TryRead(frames, out var frame) != FrameFault.None || frame.Lsn != lsn)
            {
                return EntryFault.Frame;
            }

            frames = frames[frame.Bytes.Length..];
        }

        return lsn.Value - header.FirstLsn.Value == header.MessageCount ? EntryFault.None : EntryFault.MessageCount;
    }

    private bool HasKnownId(ReadOnlySpan<byte> frames)
    {
        var newest = segments.All[^1].Index.MaxId is var id && id > segments.MaxIdOfSealed ? id : segments.MaxIdOfSealed;
        _ids.Clear();
        foreach (var frame in new FrameEnumerator(frames))
        {
            if (frame.Id.IsNone || !_ids.Add(frame.Id) || (frame.Id <= newest && IsInLog(frame.Id)))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsInLog(MessageId id)
    {
        try
        {
            return segments.TryFindId(id, out _, out _);
        }
        catch (DymesException error) when (error.Code == ErrorCode.StorageDamaged)
        {
            return false; // the primary has looked: damage here must not keep this member from what the others have
        }
    }
}
