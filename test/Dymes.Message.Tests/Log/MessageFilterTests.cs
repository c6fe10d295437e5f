using CsCheck;
using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Workloads;

namespace Dymes.Message.Tests.Log;

public sealed class MessageFilterTests
{
    [Theory]
    [InlineData(0b0100, 0b0110, true)]
    [InlineData(0b1001, 0b0110, false)]
    [InlineData(0b0000, 0b1111, false)]
    [InlineData(0b1111, 0b0000, false)]
    public void Widening_passes_with_any_bit_of_the_mask(int routing, int mask, bool passes) =>
        Assert.Equal(passes, Passes(new WideningFilter((UInt128)mask), new MessageDraft { Routing = (UInt128)routing }));

    [Theory]
    [InlineData(0b1110, 0b0110, 0b0110, true)]
    [InlineData(0b0100, 0b0110, 0b0110, false)]
    [InlineData(0b0100, 0b0110, 0b0100, true)]
    [InlineData(0b1001, 0b0110, 0b0000, true)]
    [InlineData(0b0010, 0b0010, 0b0110, false)]
    public void Narrowing_passes_with_exactly_the_bits_asked(int routing, int mask, int comparison, bool passes) =>
        Assert.Equal(passes, Passes(new NarrowingFilter((UInt128)mask, (UInt128)comparison), new MessageDraft { Routing = (UInt128)routing }));

    [Fact]
    public void Masks_reach_the_highest_bit()
    {
        var high = UInt128.One << 127;
        Assert.True(Passes(new WideningFilter(high), new MessageDraft { Routing = high }));
        Assert.False(Passes(new WideningFilter(high), new MessageDraft { Routing = high - 1 }));
    }

    [Theory]
    [InlineData(KvRelation.Has, "k", "", true)]
    [InlineData(KvRelation.Has, "K", "", false)]
    [InlineData(KvRelation.Equal, "k", "v", true)]
    [InlineData(KvRelation.Equal, "k", "w", false)]
    [InlineData(KvRelation.Equal, "k", "", false)]
    [InlineData(KvRelation.Equal, "absent", "", false)]
    [InlineData(KvRelation.Equal, "empty", "", true)]
    [InlineData(KvRelation.NotEqual, "k", "v", false)]
    [InlineData(KvRelation.NotEqual, "k", "w", true)]
    [InlineData(KvRelation.NotEqual, "absent", "v", true)]
    [InlineData(KvRelation.NotEqual, "absent", "", true)]
    [InlineData(KvRelation.NotEqual, "empty", "", false)]
    public void Entries_are_compared_to_the_byte(KvRelation relation, string key, string value, bool passes) =>
        Assert.Equal(passes, Passes(new KvFilter(relation, key, value), new MessageDraft { Kv = [("k", "v"), ("empty", "")] }));

    [Fact]
    public void Equal_and_not_equal_are_opposites() => Gen.Select(
        MessageGen.SealedFrames, MessageGen.Keys, MessageGen.Values).Sample(
        (bytes, key, value) => new KvFilter(KvRelation.Equal, key, value).Passes(Frames.First(bytes))
            != new KvFilter(KvRelation.NotEqual, key, value).Passes(Frames.First(bytes)));

    [Fact]
    public void A_channel_passes_its_own_messages()
    {
        Assert.True(Passes(new ChannelFilter(new ChannelId(7)), new MessageDraft { Channel = new ChannelId(7) }));
        Assert.False(Passes(new ChannelFilter(default), new MessageDraft { Channel = new ChannelId(7) }));
    }

    [Fact]
    public void Filters_are_equal_by_what_they_ask()
    {
        Assert.Equal(new KvFilter(KvRelation.Equal, "k", "v"), new KvFilter(KvRelation.Equal, "k", "v"));
        Assert.Equal(new KvFilter(KvRelation.Has, "k", "ignored"), new KvFilter(KvRelation.Has, "k"));
        Assert.NotEqual(new KvFilter(KvRelation.Equal, "k", "v"), new KvFilter(KvRelation.NotEqual, "k", "v"));
    }

    private static bool Passes(MessageFilter filter, MessageDraft draft) => filter.Passes(Frames.First(draft.ToFrame()));
}
