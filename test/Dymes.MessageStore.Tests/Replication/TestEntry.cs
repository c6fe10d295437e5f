using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Segments;
using Dymes.Testing;

namespace Dymes.MessageStore.Tests.Replication;

/// <summary>An entry as a replica makes it, of whatever a test wants in it.</summary>
internal sealed record TestEntry(EntryHeader Header, byte[] Body)
{
    public ulong Op => Header.Op;

    /// <summary>Seals the next entry behind a tail.</summary>
    public static TestEntry Of(LogTail tail, EntryKind kind, int messages, byte[] body, int answerBytes = 0, uint view = 1) => new(
        new EntryHeader
        {
            ParentChecksum = tail.ParentChecksum,
            BodyChecksum = Checksum.Of(body),
            ClientId = 5,
            RequestNumber = tail.NextOp,
            Op = tail.NextOp,
            FirstLsn = tail.NextLsn,
            TimestampMilliseconds = tail.TimestampMilliseconds + 1,
            View = view,
            Kind = kind,
            MessageCount = (uint)messages,
            SizeBytes = (uint)(EntryLimits.HeaderBytes + body.Length),
            AnswerBytes = (uint)answerBytes,
        },
        body);

    /// <summary>An entry of messages, with an answer behind them.</summary>
    public static TestEntry Messages(LogTail tail, IReadOnlyList<MessageDraft> drafts, int answerBytes = 0, uint view = 1)
    {
        var body = Frames.Join(drafts.Select((draft, index) => Stamped(draft, new Lsn(tail.NextLsn.Value + (ulong)index)))).Concat(new byte[answerBytes]).ToArray();
        body.AsSpan(body.Length - answerBytes).Fill(0xA5);
        return Of(tail, EntryKind.Messages, drafts.Count, body, answerBytes, view);
    }

    /// <summary>Header and body, as they lie in the file.</summary>
    public byte[] Bytes()
    {
        var bytes = new byte[Header.SizeBytes];
        Header.Write(bytes);
        Body.CopyTo(bytes, EntryLimits.HeaderBytes);
        return bytes;
    }

    private static byte[] Stamped(MessageDraft draft, Lsn lsn)
    {
        var frame = draft.ToFrame();
        FrameStamp.Stamp(frame, lsn, draft.Id);
        return frame;
    }
}
