using System.Text;
using Dymes.Common;
using Dymes.Testing;

namespace Dymes.Message.Tests.Framing;

public sealed class FrameBuilderTests
{
    private const int BodyBytesMax = MessageLimits.FrameBytesMax - MessageLimits.FrameHeaderBytes;

    [Fact]
    public void The_smallest_frame_is_a_header()
    {
        var bytes = new FrameBuilder().Build([]);
        Assert.Equal(MessageLimits.FrameHeaderBytes, bytes.Length);
        Assert.Equal(FrameFault.None, MessageFrame.TryRead(bytes, out var frame));
        Assert.True(frame.Body.IsEmpty);
        Assert.Equal(0, frame.KvCount);
    }

    [Theory]
    [InlineData(0, 128)]
    [InlineData(1, 144)]
    [InlineData(16, 144)]
    [InlineData(17, 160)]
    public void A_frame_is_padded_to_the_alignment(int bodyBytes, int frameBytes) => Assert.Equal(frameBytes, new FrameBuilder().FrameBytes(bodyBytes));

    [Fact]
    public void A_frame_of_two_mebibytes_is_built_and_one_byte_more_is_not()
    {
        var bytes = new FrameBuilder().Build(new byte[BodyBytesMax]);
        Assert.Equal(2 * 1024 * 1024, bytes.Length);
        Assert.Equal(FrameFault.None, MessageFrame.TryRead(bytes, out _));
        AssertRefused(ErrorCode.TooLarge, () => new FrameBuilder().Build(new byte[BodyBytesMax + 1]));
    }

    [Fact]
    public void Entries_may_fill_a_frame_and_not_more()
    {
        var builder = new FrameBuilder();
        var value = new byte[BodyBytesMax - MessageLimits.KvHeaderBytes - 1];
        builder.AddKv("k"u8, value);
        Assert.Equal(FrameFault.None, MessageFrame.TryRead(builder.Build([]), out _));
        AssertRefused(ErrorCode.TooLarge, () => builder.Build([1]));
        AssertRefused(ErrorCode.TooLarge, () => builder.AddKv("l"u8, new byte[MessageLimits.FrameBytesMax]));
    }

    [Fact]
    public void A_message_has_1024_entries_and_not_one_more()
    {
        var builder = new FrameBuilder();
        for (var number = 0; number < MessageLimits.KvEntriesMax; number++)
        {
            builder.AddKv(Encoding.UTF8.GetBytes($"key {number}"), "value"u8);
        }

        AssertRefused(ErrorCode.TooLarge, () => builder.AddKv("one more"u8, default));
        builder.AddKv("key 5"u8, "again"u8);
        Assert.Equal(FrameFault.None, MessageFrame.TryRead(builder.Build([]), out var frame));
        Assert.Equal(MessageLimits.KvEntriesMax, frame.KvCount);
    }

    [Fact]
    public void A_key_has_1_to_1024_bytes()
    {
        var builder = new FrameBuilder();
        builder.AddKv(new byte[MessageLimits.KvKeyBytesMax], default);
        AssertRefused(ErrorCode.InvalidArgument, () => builder.AddKv(default, "v"u8));
        AssertRefused(ErrorCode.InvalidArgument, () => builder.AddKv(new byte[MessageLimits.KvKeyBytesMax + 1], default));
    }

    [Fact]
    public void A_key_or_value_that_is_not_text_is_refused()
    {
        var builder = new FrameBuilder();
        AssertRefused(ErrorCode.InvalidArgument, () => builder.AddKv([0xC3], "v"u8));
        AssertRefused(ErrorCode.InvalidArgument, () => builder.AddKv("k"u8, [0xED, 0xA0, 0x80]));
        Assert.Equal(0, builder.KvCount);
    }

    [Fact]
    public void Of_a_key_given_twice_the_last_value_counts()
    {
        var bytes = new MessageDraft { Kv = [("a", "1"), ("b", "two"), ("a", "three"), ("c", ""), ("b", "")] }.ToFrame();
        var frame = Frames.First(bytes);
        Assert.Equal(3, frame.KvCount);
        Assert.Equal("three"u8.ToArray(), ValueOf(frame, "a"u8));
        Assert.Equal(""u8.ToArray(), ValueOf(frame, "b"u8));
        Assert.Equal(new MessageDraft { Kv = [("a", "three"), ("c", ""), ("b", "")] }.ToFrame(), bytes);
    }

    [Fact]
    public void A_key_is_found_whole_or_not_at_all()
    {
        var frame = Frames.First(new MessageDraft { Kv = [("abc", "1")] }.ToFrame());
        Assert.False(frame.TryGetKv("ab"u8, out _));
        Assert.False(frame.TryGetKv("abcd"u8, out _));
        Assert.False(frame.TryGetKv(""u8, out _));
    }

    [Fact]
    public void After_a_reset_nothing_is_left()
    {
        var builder = new FrameBuilder { Id = new MessageId(1), CorrelationId = new MessageId(2), Channel = new ChannelId(3), Routing = 4 };
        builder.AddKv("k"u8, "v"u8);
        builder.Reset();
        Assert.Equal(new FrameBuilder().Build("x"u8), builder.Build("x"u8));
    }

    [Fact]
    public void A_builder_writes_over_whatever_the_memory_held()
    {
        var dirty = new byte[256];
        dirty.AsSpan().Fill(0xEE);
        var builder = new FrameBuilder();
        builder.AddKv("k"u8, "v"u8);
        var frame = dirty.AsSpan(0, builder.FrameBytes(3));
        "abc"u8.CopyTo(builder.WriteHead(frame, 3));
        FrameBuilder.Seal(frame);
        Assert.Equal(builder.Build("abc"u8), frame.ToArray());
    }

    private static byte[] ValueOf(MessageFrame frame, ReadOnlySpan<byte> key)
    {
        Assert.True(frame.TryGetKv(key, out var value));
        return value.ToArray();
    }

    private static void AssertRefused(ErrorCode code, Action act) => Assert.Equal(code, Assert.Throws<DymesException>(act).Code);
}
