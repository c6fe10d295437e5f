using Dymes.Common;

namespace Dymes.Message.Tests.Ids;

public sealed class ChannelIdTests
{
    [Theory]
    [InlineData("702", 702)]
    [InlineData("0x2be", 702)]
    [InlineData("0", 0)]
    public void A_number_is_the_channel_itself(string text, int number)
    {
        Assert.True(ChannelId.TryParse(text, out var channel, out var name));
        Assert.Equal((new ChannelId((UInt128)number), (string?)null), (channel, name));
    }

    [Theory]
    [InlineData("orders-42")]
    [InlineData("заказы")]
    [InlineData("0xnot-a-number")]
    [InlineData("-1")]
    public void Any_other_text_is_a_name_and_its_hash_the_channel(string text)
    {
        Assert.True(ChannelId.TryParse(text, out var channel, out var name));
        Assert.Equal(text, name);
        Assert.Equal(Checksum.Of(System.Text.Encoding.UTF8.GetBytes(text)), channel.Value);
        Assert.Equal(ChannelId.OfName(text), channel);
    }

    [Fact]
    public void A_name_that_is_empty_or_too_long_is_refused()
    {
        Assert.False(ChannelId.TryParse("", out _, out _));
        Assert.True(ChannelId.TryParse(new string('n', MessageLimits.ChannelNameBytesMax), out _, out _));
        Assert.False(ChannelId.TryParse(new string('n', MessageLimits.ChannelNameBytesMax + 1), out _, out _));
        Assert.False(ChannelId.TryParse(new string('ñ', (MessageLimits.ChannelNameBytesMax / 2) + 1), out _, out _));
    }

    [Fact]
    public void A_number_that_is_too_large_is_no_name() =>
        Assert.False(ChannelId.TryParse("340282366920938463463374607431768211456", out _, out _));

    [Fact]
    public void The_hash_of_a_name_never_changes() => Assert.Equal("0x24d0949da6333a0d0e57c257471dcce6", ChannelId.OfName("orders-42").ToString());
}
