using Dymes.Common;
using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Message.Tests.Json;

public sealed class FrameAdmissionTests
{
    [Fact]
    public void A_frame_of_a_builder_is_admitted_with_its_channels_name()
    {
        var frame = new MessageDraft("x") { ChannelName = "orders", Kv = [("a", ""), ("b", "")] }.ToFrame();

        Assert.Equal(frame.Length, FrameAdmission.Admit(frame, takesReserved: false).Bytes.Length);
    }

    [Fact]
    public void The_logs_own_entries_are_admitted_only_where_it_is_said()
    {
        var frame = new MessageDraft("x").ToFrame(builder => IdempotencyMark.Put(builder, 1, "k"));

        Assert.Equal(frame.Length, FrameAdmission.Admit(frame, takesReserved: true).Bytes.Length);
        Refused(frame);
    }

    [Fact]
    public void A_name_of_another_channel_is_refused() =>
        Refused(new MessageDraft().ToFrame(builder => builder.AddKv(ReservedKeys.ChannelName, "orders"u8)));

    [Theory]
    [InlineData("dymes:idempotency", "")]
    [InlineData("dymes:idempotency", "k")]
    [InlineData("dymes:idempotency", "0:k")]
    [InlineData("dymes:idempotency", "01:k")]
    [InlineData("dymes:idempotency", "8193:k")]
    [InlineData("dymes:idempotency", "1:")]
    [InlineData("dymes:other", "x")]
    public void An_entry_that_no_log_has_set_is_refused_also_where_the_logs_own_are_taken(string key, string value)
    {
        var frame = new MessageDraft { Kv = [(key, value)] }.ToFrame();

        Assert.Throws<DymesException>(() => FrameAdmission.Admit(frame, takesReserved: true));
    }

    [Theory]
    [InlineData("702")]
    [InlineData("0x2be")]
    [InlineData("")]
    public void A_channels_name_that_no_channel_can_have_is_refused(string name)
    {
        var frame = new MessageDraft { Channel = ChannelId.OfName(name), Kv = [("dymes:channel", name)] }.ToFrame();

        Refused(frame);
        Assert.Throws<DymesException>(() => FrameAdmission.Admit(frame, takesReserved: true));
    }

    [Fact]
    public void A_key_that_stands_twice_is_refused()
    {
        var frame = new MessageDraft { Kv = [("aa", "1"), ("ab", "2")] }.ToFrame();
        frame[frame.AsSpan().IndexOf("ab"u8) + 1] = (byte)'a';
        FrameBuilder.Seal(frame);

        Refused(frame);
    }

    [Fact]
    public void Damage_is_refused_whichever_byte_it_is()
    {
        var frame = new MessageDraft("body") { Kv = [("a", "b")] }.ToFrame();
        for (var at = 0; at < frame.Length; at++)
        {
            var damaged = frame.ToArray();
            damaged[at] ^= 0x10;
            Refused(damaged);
        }
    }

    private static void Refused(byte[] frame) =>
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<DymesException>(() => FrameAdmission.Admit(frame, takesReserved: false)).Code);
}
