using Dymes.Common;
using Dymes.Message;
using Xunit.Sdk;

namespace Dymes.Cluster.Tests.Crash;

/// <summary>The checks after a crash find what they are there to find.</summary>
public sealed class CrashCheckTests
{
    private readonly LoadLedger _ledger = new();

    [Fact]
    public void A_log_that_holds_what_was_acknowledged_passes()
    {
        Acknowledge("a", 0);
        Acknowledge("b", 1);
        Checks().CheckAcknowledged(new ScannedLog([Stored("a", 0), Stored("b", 1)]));
    }

    [Fact]
    public void An_acknowledged_message_that_is_missing_is_found()
    {
        Acknowledge("a", 0);
        Acknowledge("b", 1);
        Assert.ThrowsAny<XunitException>(() => Checks().CheckAcknowledged(new ScannedLog([Stored("a", 0)])));
    }

    [Fact]
    public void A_message_that_is_there_twice_is_found() =>
        Assert.ThrowsAny<XunitException>(() => Checks().CheckAcknowledged(new ScannedLog([Stored("a", 0), Stored("a", 1)])));

    [Fact]
    public void An_acknowledged_message_in_another_place_is_found()
    {
        Acknowledge("a", 5);
        Assert.ThrowsAny<XunitException>(() => Checks().CheckAcknowledged(new ScannedLog([Stored("a", 0)])));
    }

    [Fact]
    public void Half_of_an_atomic_batch_is_found()
    {
        _ledger.Send(Sent("a") with { Group = "batch" });
        _ledger.Send(Sent("b") with { Group = "batch" });
        Checks().CheckAtomicity(new ScannedLog([]));
        Checks().CheckAtomicity(new ScannedLog([Stored("a", 0), Stored("b", 1)]));
        Assert.ThrowsAny<XunitException>(() => Checks().CheckAtomicity(new ScannedLog([Stored("b", 0)])));
    }

    [Fact]
    public void A_message_that_changed_over_the_crash_is_found()
    {
        var before = new ScannedLog([Stored("a", 0)]);
        CrashChecks.CheckUnchanged(before, new ScannedLog([Stored("a", 0), Stored("b", 1)]));
        Assert.ThrowsAny<XunitException>(() => CrashChecks.CheckUnchanged(before, new ScannedLog([Stored("a", 0) with { FrameChecksum = 9 }])));
        Assert.ThrowsAny<XunitException>(() => CrashChecks.CheckUnchanged(before, new ScannedLog([])));
    }

    [Fact]
    public void The_frame_of_a_message_is_known_by_all_that_was_sent()
    {
        var sent = Sent("a");
        var frame = Frame(sent.ToJson());
        Assert.True(sent.IsSaidBy(frame));
        Assert.Equal("a", SentMessage.TokenOf(frame));
        Assert.False((sent with { Token = "b" }).IsSaidBy(frame));
        Assert.False((sent with { Padding = "xx" }).IsSaidBy(frame));
        Assert.False((sent with { Channel = "other" }).IsSaidBy(frame));
        Assert.False((sent with { Parent = MessageId.Max }).IsSaidBy(frame));
        Assert.False((sent with { Id = MessageId.Max }).IsSaidBy(frame));
    }

    private static MessageFrame Frame(string json)
    {
        var frames = new System.Buffers.ArrayBufferWriter<byte>();
        new Message.Json.CreationRequestReader().Read(System.Text.Encoding.UTF8.GetBytes(json), frames);
        Assert.Equal(FrameFault.None, MessageFrame.TryRead(frames.WrittenSpan, out var frame));
        return frame;
    }

    private static SentMessage Sent(string token) => new(token, default, null, null, "channel", default, "x");

    private static ScannedMessage Stored(string token, ulong lsn) => new(new Lsn(lsn), new MessageId(lsn + 1), default, default, token, lsn);

    private void Acknowledge(string token, ulong lsn)
    {
        _ledger.Send(Sent(token));
        _ledger.Acknowledge(Sent(token), new Place(new Lsn(lsn), new MessageId(lsn + 1)));
    }

    // None of these checks asks the node.
    private CrashChecks Checks() => new(null!, _ledger, new Random(1));
}
