using System.Buffers;
using System.Text;
using System.Text.Json;
using Dymes.Common;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Message.Tests.Json;

public sealed class MessageJsonTests
{
    private static readonly MessageId Id = MessageId.FirstAt(1_795_341_600_123);

    [Fact]
    public void A_message_is_shown_as_the_api_shows_it()
    {
        var frame = Stored(new MessageDraft("""{"id":1}""") { Channel = new ChannelId(702), Routing = 5, Kv = [("type", "Order \"é\"")] });

        Assert.Equal(
            $$"""{"id":"{{Id}}","lsn":17,"time":"2026-11-22T10:00:00.123Z","channel":"0x2be","channel_name":null,"routing":"0x5","encoded_correlation_id":null,"kv_entries":[{"key":"type","value":"Order \"é\""}],"encoded_msg_body":"eyJpZCI6MX0="}""",
            Write(frame, BodyForm.Base64));
    }

    [Fact]
    public void Reserved_entries_are_shown_as_fields_or_not_at_all()
    {
        var frame = Stored(new MessageDraft { ChannelName = "orders-42", Parent = Id }, builder => IdempotencyMark.Put(builder, 1, "secret"));
        using var json = JsonDocument.Parse(Write(frame, BodyForm.Base64));

        Assert.Equal("orders-42", json.RootElement.GetProperty("channel_name").GetString());
        Assert.Equal(Id.ToString(), json.RootElement.GetProperty("encoded_correlation_id").GetString());
        Assert.Equal(0, json.RootElement.GetProperty("kv_entries").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"a":1}""", BodyForm.Json, "\"body\":{\"a\":1}")]
    [InlineData("{\"a\":\r\n[1,\n2]}", BodyForm.Json, "\"body\":{\"a\":  [1, 2]}")]
    [InlineData("{\"a\":", BodyForm.Json, "\"encoded_msg_body\":\"eyJhIjo=\"")]
    [InlineData("1 2", BodyForm.Json, "\"encoded_msg_body\":\"MSAy\"")]
    [InlineData("", BodyForm.Json, "\"encoded_msg_body\":\"\"")]
    [InlineData("a\n\"b\"", BodyForm.Text, "\"body\":\"a\\n\\\"b\\\"\"")]
    [InlineData("", BodyForm.Text, "\"body\":\"\"")]
    public void A_body_is_shown_in_the_form_asked_for_or_else_in_base64(string body, BodyForm form, string shown)
    {
        var json = Write(Stored(new MessageDraft(body)), form);

        Assert.EndsWith("," + shown + "}", json, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', json);
    }

    [Theory]
    [InlineData(BodyForm.Json)]
    [InlineData(BodyForm.Text)]
    public void A_body_that_is_no_utf8_is_shown_in_base64(BodyForm form) =>
        Assert.EndsWith("\"encoded_msg_body\":\"/w==\"}", Write(Stored(new MessageDraft { Bytes = [255] }), form), StringComparison.Ordinal);

    [Fact]
    public void An_exported_message_is_imported_as_the_same_frame()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var body = new byte[random.Next(5000)];
            random.NextBytes(body);
            var draft = new MessageDraft
            {
                Id = new MessageId(new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64() + 1)),
                Parent = round % 2 == 0 ? default : Id,
                ChannelName = round % 3 == 0 ? "a/ü\u0001\"" : null,
                Routing = new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()),
                Kv = [("k", "\u0000\t\u2028😀"), ("content-type", "x")],
                Bytes = body,
            };
            var frame = draft.ToFrame(round % 5 == 0 ? builder => IdempotencyMark.Put(builder, 1, "key") : null);

            Assert.Equal(frame, Reimported(frame, MessageJson.WriteImport));
            Assert.Equal(frame, Reimported(frame, MessageJson.WriteOriginal));
        }
    }

    [Fact]
    public void The_originals_form_has_decimal_numbers_and_zeros_for_no_parent()
    {
        var frame = Stored(new MessageDraft("x") { Channel = new ChannelId(UInt128.MaxValue), Routing = 5 });

        Assert.Equal(
            $$"""{"id":"{{Id}}","correlation_id":"00000000000000000000000000","channel":340282366920938463463374607431768211455,"routing":5,"headers":[],"content":"eA=="}""",
            Encoding.UTF8.GetString(Written(frame, MessageJson.WriteOriginal)));
    }

    private static byte[] Reimported(byte[] frame, Writing writing)
    {
        var frames = new ArrayBufferWriter<byte>();
        new CreationRequestReader().Read(Written(frame, writing), frames, RequestIds.Required);
        return frames.WrittenSpan.ToArray();
    }

    private static byte[] Stored(MessageDraft draft, Action<FrameBuilder>? mark = null)
    {
        var frame = draft.ToFrame(mark);
        FrameStamp.Stamp(frame, new Lsn(17), Id);
        return frame;
    }

    private static string Write(byte[] frame, BodyForm form) => Encoding.UTF8.GetString(Written(frame, (writer, message) => MessageJson.Write(writer, message, form)));

    private static byte[] Written(byte[] frame, Writing writing)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, MessageJson.WriterOptions))
        {
            writing(writer, Testing.Frames.First(frame));
        }

        return bytes.WrittenSpan.ToArray();
    }

    private delegate void Writing(Utf8JsonWriter writer, MessageFrame frame);
}
