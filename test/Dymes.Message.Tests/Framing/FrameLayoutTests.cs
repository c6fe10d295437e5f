using System.Text;
using Dymes.Common;

namespace Dymes.Message.Tests.Framing;

/// <summary>The format to the byte. Whoever has to change these values makes stored files unreadable.</summary>
public sealed class FrameLayoutTests
{
    private static readonly byte[] Example = BuildExample();

    [Theory]
    [InlineData("position", FrameLayout.Lsn, "0807060504030201")]
    [InlineData("reserved", FrameLayout.Reserved, "0000000000000000")]
    [InlineData("id", FrameLayout.Id, "0001020304050607 08090A0B0C0D0E0F")]
    [InlineData("correlation", FrameLayout.CorrelationId, "101112131415161718191A1B1C1D1E1F")]
    [InlineData("channel", FrameLayout.Channel, "2F2E2D2C2B2A29282726252423222120")]
    [InlineData("routing", FrameLayout.Routing, "3F3E3D3C3B3A39383736353433323130")]
    [InlineData("frame size", FrameLayout.FrameBytes, "C0000000")]
    [InlineData("count of entries", FrameLayout.KvCount, "02000000")]
    [InlineData("size of KV data", FrameLayout.KvDataBytes, "07000000")]
    [InlineData("size of body", FrameLayout.BodyBytes, "0A000000")]
    [InlineData("first entry", FrameLayout.HeaderEnd, "00000000 04000000 04000000 01000000")]
    [InlineData("second entry", 144, "05000000 02000000 07000000 00000000")]
    [InlineData("KV data", 160, "74797065 41 6B32")]
    [InlineData("body", 167, "68656C6C6F 20 62 6F6479")]
    [InlineData("padding", 177, "000000000000000000000000000000")]
    public void A_field_has_its_place(string field, int offset, string hex)
    {
        var expected = Convert.FromHexString(hex.Replace(" ", ""));
        Assert.True(Example.AsSpan(offset, expected.Length).SequenceEqual(expected), $"{field}: {Convert.ToHexString(Example, offset, expected.Length)}");
    }

    [Fact]
    public void The_offsets_are_those_of_the_format()
    {
        int[] bits =
        [
            FrameLayout.HeaderChecksum, FrameLayout.Lsn, FrameLayout.Reserved, FrameLayout.Id, FrameLayout.CorrelationId, FrameLayout.Channel, FrameLayout.Routing,
            FrameLayout.FrameBytes, FrameLayout.KvCount, FrameLayout.KvDataBytes, FrameLayout.BodyBytes, FrameLayout.PayloadChecksum, FrameLayout.HeaderEnd,
        ];
        Assert.Equal([0, 128, 192, 256, 384, 512, 640, 768, 800, 832, 864, 896, 1024], bits.Select(offset => offset * 8));
        Assert.Equal(MessageLimits.FrameHeaderBytes, FrameLayout.HeaderEnd);
    }

    [Fact]
    public void The_header_checksum_covers_the_header_behind_it_and_the_payload_checksum_all_up_to_the_padding()
    {
        Assert.Equal(LittleEndian(Checksum.Of(Example.AsSpan(16, 112))), Example[..16]);
        Assert.Equal(LittleEndian(Checksum.Of(Example.AsSpan(128, 49))), Example[112..128]);
    }

    [Fact]
    public void The_fields_of_the_example_are_read()
    {
        Assert.Equal(FrameFault.None, MessageFrame.TryRead(Example, out var frame));
        Assert.Equal(new Lsn(0x0102030405060708), frame.Lsn);
        Assert.Equal(Numbered(0x00), frame.Id.Value);
        Assert.Equal(Numbered(0x10), frame.CorrelationId.Value);
        Assert.Equal(Numbered(0x20), frame.Channel.Value);
        Assert.Equal(Numbered(0x30), frame.Routing);
        Assert.Equal("hello body", Encoding.UTF8.GetString(frame.Body));
        Assert.Equal(("type", "A"), (Encoding.UTF8.GetString(frame.KvAt(0).Key), Encoding.UTF8.GetString(frame.KvAt(0).Value)));
        Assert.Equal(("k2", ""), (Encoding.UTF8.GetString(frame.KvAt(1).Key), Encoding.UTF8.GetString(frame.KvAt(1).Value)));
    }

    private static byte[] BuildExample()
    {
        var builder = new FrameBuilder
        {
            CorrelationId = new MessageId(Numbered(0x10)),
            Channel = new ChannelId(Numbered(0x20)),
            Routing = Numbered(0x30),
        };
        builder.AddKv("type"u8, "A"u8);
        builder.AddKv("k2"u8, ""u8);
        var frame = builder.Build("hello body"u8);
        FrameStamp.Stamp(frame, new Lsn(0x0102030405060708), new MessageId(Numbered(0x00)));
        return frame;
    }

    // The number whose bytes, the most significant first, count up from here.
    private static UInt128 Numbered(byte first) =>
        Enumerable.Range(first, 16).Aggregate(UInt128.Zero, (number, next) => (number << 8) | (UInt128)next);

    private static byte[] LittleEndian(UInt128 number) => [.. Enumerable.Range(0, 16).Select(index => (byte)(number >> (8 * index)))];
}
