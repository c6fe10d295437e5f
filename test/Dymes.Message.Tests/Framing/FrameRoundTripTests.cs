using System.Text;
using CsCheck;
using Dymes.Common;
using Dymes.Testing;
using Dymes.Testing.Workloads;

namespace Dymes.Message.Tests.Framing;

public sealed class FrameRoundTripTests
{
    [Fact]
    public void What_is_built_is_read() => Gen.Select(MessageGen.Drafts, MessageGen.Ids, MessageGen.Ids).Sample((draft, id, parent) =>
    {
        var bytes = (draft with { Id = id, Parent = parent }).ToFrame();
        Assert.Equal(FrameFault.None, MessageFrame.TryRead(bytes, out var frame));
        Assert.Equal((id, parent, draft.Channel, draft.Routing, default(Lsn)), (frame.Id, frame.CorrelationId, frame.Channel, frame.Routing, frame.Lsn));
        Assert.Equal(draft.Bytes, frame.Body.ToArray());
        Assert.Equal(LastWins(draft.Kv), EntriesOf(frame));
        Assert.Equal(0, bytes.Length % MessageLimits.AlignmentBytes);
        Assert.Equal(bytes.Length, MessageFrame.PeekSize(bytes));
    });

    [Fact]
    public void A_stamp_changes_position_and_id_and_nothing_else() => Gen.Select(MessageGen.SealedFrames, Gen.ULong, MessageGen.Ids).Sample((bytes, lsn, id) =>
    {
        var stamped = bytes.ToArray();
        FrameStamp.Stamp(stamped, new Lsn(lsn), id);
        Assert.Equal(FrameFault.None, MessageFrame.TryRead(stamped, out var frame));
        Assert.Equal((new Lsn(lsn), id), (frame.Lsn, frame.Id));
        Assert.True(frame.HasContentOf(Frames.First(bytes)));
        Assert.Equal(bytes[48..], stamped[48..]);
    });

    [Fact]
    public void A_frame_is_read_at_the_start_of_more_bytes() => Gen.Select(MessageGen.SealedFrames, Gen.Byte.Array[0, 100]).Sample((bytes, more) =>
    {
        Assert.Equal(FrameFault.None, MessageFrame.TryRead([.. bytes, .. more], out var frame));
        Assert.Equal(bytes, frame.Bytes.ToArray());
    });

    [Fact]
    public void Frames_back_to_back_are_walked() => MessageGen.SealedFrames.Array[0, 10].Sample(frames =>
        Assert.Equal(frames, Frames.Split(Frames.Join(frames))));

    [Fact]
    public void A_walk_over_bytes_that_are_no_frames_stops_with_a_claim()
    {
        Assert.Throws<Dymes.Common.InvariantViolation>(() => new FrameEnumerator(new byte[200]).MoveNext());
        Assert.Throws<Dymes.Common.InvariantViolation>(() => new FrameEnumerator(new byte[7]).MoveNext());
        Assert.Throws<Dymes.Common.InvariantViolation>(() => new FrameEnumerator(new MessageDraft("x").ToFrame().AsSpan(0, 128)).MoveNext());
    }

    [Fact]
    public void The_same_content_under_other_ids_is_the_same_content_and_any_other_is_not()
    {
        var draft = new MessageDraft("body") { Channel = new ChannelId(1), Routing = 2, Kv = [("k", "v")] };
        Assert.True(Same(draft, draft with { Id = new MessageId(9) }));
        Assert.False(Same(draft, draft with { Body = "Body" }));
        Assert.False(Same(draft, draft with { Channel = new ChannelId(2) }));
        Assert.False(Same(draft, draft with { Routing = 3 }));
        Assert.False(Same(draft, draft with { Parent = new MessageId(1) }));
        Assert.False(Same(draft, draft with { Kv = [("k", "w")] }));
        Assert.False(Same(draft with { Kv = [("a", "bc")] }, draft with { Kv = [("ab", "c")] }));
        Assert.False(Same(draft with { Kv = [], Body = "" }, draft with { Kv = [], Body = "\0" }));
    }

    private static bool Same(MessageDraft left, MessageDraft right) => Frames.First(left.ToFrame()).HasContentOf(Frames.First(right.ToFrame()));

    private static List<(string, string)> LastWins(IReadOnlyList<(string Key, string Value)> entries) =>
        [.. entries.Reverse().DistinctBy(entry => entry.Key).Reverse()];

    private static List<(string, string)> EntriesOf(MessageFrame frame)
    {
        var entries = new List<(string, string)>();
        for (var i = 0; i < frame.KvCount; i++)
        {
            var entry = frame.KvAt(i);
            entries.Add((Encoding.UTF8.GetString(entry.Key), Encoding.UTF8.GetString(entry.Value)));
        }

        return entries;
    }
}
