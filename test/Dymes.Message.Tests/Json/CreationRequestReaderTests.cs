using System.Buffers;
using System.Text;
using Dymes.Common;
using Dymes.Message.Json;
using Dymes.Testing;

namespace Dymes.Message.Tests.Json;

public sealed class CreationRequestReaderTests
{
    private const string Id = "01K7068MQWRDT23X6TK4QCT5NS";

    private readonly CreationRequestReader _reader = new();

    [Fact]
    public void A_request_becomes_the_frame_that_a_builder_makes()
    {
        var frame = Read($$"""{ "channel": 702, "routing": "0x5", "encoded_correlation_id": "{{Id}}", "kv_entries": [ { "key": "type", "value": "OrderPlaced" } ], "encoded_msg_body": "eyJpZCI6MX0=" }""");

        var wanted = new MessageDraft("""{"id":1}""") { Channel = new ChannelId(702), Routing = 5, Parent = IdOf(Id), Kv = [("type", "OrderPlaced")] };
        Assert.Equal(wanted.ToFrame(), frame);
    }

    [Fact]
    public void A_request_without_anything_is_an_empty_message_of_channel_0() => Assert.Equal(new MessageDraft().ToFrame(), Read("{}"));

    [Theory]
    [InlineData("340282366920938463463374607431768211455")]
    [InlineData("\"340282366920938463463374607431768211455\"")]
    [InlineData("\"0xffffffffffffffffffffffffffffffff\"")]
    [InlineData("\"0xFFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF\"")]
    public void All_digits_of_a_128_bit_number_are_kept(string number)
    {
        var frame = Testing.Frames.First(Read($$"""{"channel":{{number}},"routing":{{number}}}"""));

        Assert.Equal(UInt128.MaxValue, frame.Channel.Value);
        Assert.Equal(UInt128.MaxValue, frame.Routing);
    }

    [Fact]
    public void A_number_that_a_double_would_round_is_not_rounded() =>
        Assert.Equal(9007199254740993u, Testing.Frames.First(Read("""{"channel":9007199254740993}""")).Channel.Value);

    [Fact]
    public void A_channel_by_name_has_its_hash_and_remembers_the_name()
    {
        var frame = Testing.Frames.First(Read("""{"channel":"orders-\u00e9"}"""));

        Assert.Equal(ChannelId.OfName("orders-é"), frame.Channel);
        Assert.True(frame.TryGetKv(ReservedKeys.ChannelName, out var name));
        Assert.Equal("orders-é", Encoding.UTF8.GetString(name));
    }

    [Theory]
    [InlineData("-_-_", new byte[] { 0xFB, 0xFF, 0xBF })]
    [InlineData("+/+/", new byte[] { 0xFB, 0xFF, 0xBF })]
    [InlineData("+\\/+\\u002f", new byte[] { 0xFB, 0xFF, 0xBF })]
    [InlineData("AQ", new byte[] { 1 })]
    [InlineData("AQ==", new byte[] { 1 })]
    [InlineData("AQI", new byte[] { 1, 2 })]
    [InlineData("AQI=", new byte[] { 1, 2 })]
    [InlineData("_w", new byte[] { 255 })]
    [InlineData("", new byte[0])]
    public void Base64_is_taken_in_either_alphabet_padded_or_not(string text, byte[] body) =>
        Assert.Equal(body, Testing.Frames.First(Read($$"""{"encoded_msg_body":"{{text}}"}""")).Body.ToArray());

    [Theory]
    [InlineData("A")]
    [InlineData("AQ=")]
    [InlineData("AQ===")]
    [InlineData("A*==")]
    [InlineData("AQ I=")]
    [InlineData("AQ\\n==")]
    [InlineData("====")]
    [InlineData("+_+_")]
    [InlineData("AQIDB")]
    public void What_is_no_base64_is_refused(string text) => Refused("/encoded_msg_body", $$"""{"encoded_msg_body":"{{text}}"}""");

    [Fact]
    public void Every_length_of_base64_is_decoded_exactly()
    {
        var bytes = new byte[200];
        new Random(1).NextBytes(bytes);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var body = bytes[..length];
            var standard = Convert.ToBase64String(body);
            foreach (var text in new[] { standard, standard.TrimEnd('='), standard.Replace('+', '-').Replace('/', '_'), standard.TrimEnd('=').Replace('+', '-').Replace('/', '_') })
            {
                Assert.Equal(body, Testing.Frames.First(Read($$"""{"encoded_msg_body":"{{text}}"}""")).Body.ToArray());
            }
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("1.50e3")]
    [InlineData("\"t\\u00e9xt\"")]
    [InlineData("[ {\"deep\" : [[]]}, true ]")]
    public void A_json_body_is_stored_as_its_text(string body)
    {
        var frame = Testing.Frames.First(Read($$"""{"body":{{body}},"channel":1}"""));

        Assert.Equal(body, Encoding.UTF8.GetString(frame.Body));
        Assert.True(frame.TryGetKv("content-type"u8, out var type));
        Assert.Equal("application/json", Encoding.UTF8.GetString(type));
    }

    [Fact]
    public void A_content_type_that_the_client_gives_stands()
    {
        var frame = Testing.Frames.First(Read("""{"body":{},"kv_entries":[{"key":"content-type","value":"application/ld+json"}]}"""));

        Assert.True(frame.TryGetKv("content-type"u8, out var type));
        Assert.Equal("application/ld+json", Encoding.UTF8.GetString(type));
        Assert.Equal(1, frame.KvCount);
    }

    [Fact]
    public void The_last_value_of_a_key_counts()
    {
        var frame = Testing.Frames.First(Read("""{"kv_entries":[{"key":"a","value":"1"},{"value":"2","key":"\u0061"}]}"""));

        Assert.Equal(1, frame.KvCount);
        Assert.Equal("2", Encoding.UTF8.GetString(frame.KvAt(0).Value));
    }

    [Theory]
    [InlineData("-1", null)]
    [InlineData("null", null)]
    [InlineData("0", 0ul)]
    [InlineData("9223372036854775807", 9223372036854775807ul)]
    public void The_expected_version_is_told(string text, ulong? version)
    {
        var request = _reader.Read(Encoding.UTF8.GetBytes($$"""{"expected_version":{{text}}}"""), new ArrayBufferWriter<byte>());

        Assert.Equal(version, request.ExpectedVersion);
    }

    [Theory]
    [InlineData("", "[]")]
    [InlineData("", "7")]
    [InlineData("", "")]
    [InlineData("", "{")]
    [InlineData("", "{} {}")]
    [InlineData("", "{},")]
    [InlineData("", """{"channel":1,}""")]
    [InlineData("", """{"channel":01}""")]
    [InlineData("", "{'channel':1}")]
    [InlineData("/chanel", """{"chanel":1}""")]
    [InlineData("/a~1b~0", """{"a/b~":1}""")]
    [InlineData("/encoded_id", """{"encoded_id":"01K7068MQWRDT23X6TK4QCT5NS"}""")]
    [InlineData("/channel", """{"channel":1,"channel":1}""")]
    [InlineData("/channel", """{"channel":null}""")]
    [InlineData("/channel", """{"channel":true}""")]
    [InlineData("/channel", """{"channel":""}""")]
    [InlineData("/channel", """{"channel":-1}""")]
    [InlineData("/channel", """{"channel":1.0}""")]
    [InlineData("/channel", """{"channel":1e3}""")]
    [InlineData("/channel", """{"channel":340282366920938463463374607431768211456}""")]
    [InlineData("/channel", """{"channel":"340282366920938463463374607431768211456"}""")]
    [InlineData("/channel", """{"channel":"\ud800"}""")]
    [InlineData("/routing", """{"routing":"five"}""")]
    [InlineData("/routing", """{"routing":{}}""")]
    [InlineData("/encoded_correlation_id", """{"encoded_correlation_id":"short"}""")]
    [InlineData("/encoded_correlation_id", """{"encoded_correlation_id":"81K7068MQWRDT23X6TK4QCT5NS"}""")]
    [InlineData("/encoded_correlation_id", """{"encoded_correlation_id":5}""")]
    [InlineData("/kv_entries", """{"kv_entries":{}}""")]
    [InlineData("/kv_entries/1", """{"kv_entries":[{"key":"a","value":"b"},7]}""")]
    [InlineData("/kv_entries/0", """{"kv_entries":[{"key":"a"}]}""")]
    [InlineData("/kv_entries/0", """{"kv_entries":[{"value":"a"}]}""")]
    [InlineData("/kv_entries/0", """{"kv_entries":[{"key":"a","key":"b","value":"c"}]}""")]
    [InlineData("/kv_entries/0", """{"kv_entries":[{"key":"a","value":"b","more":1}]}""")]
    [InlineData("/kv_entries/0/value", """{"kv_entries":[{"key":"a","value":1}]}""")]
    [InlineData("/kv_entries/0/key", """{"kv_entries":[{"key":null,"value":""}]}""")]
    [InlineData("/kv_entries/0/key", """{"kv_entries":[{"key":"","value":""}]}""")]
    [InlineData("/kv_entries/1/key", """{"kv_entries":[{"key":"a","value":""},{"key":"dymes:channel","value":""}]}""")]
    [InlineData("/encoded_msg_body", """{"encoded_msg_body":{}}""")]
    [InlineData("/body", """{"encoded_msg_body":"","body":1}""")]
    [InlineData("/expected_version", """{"expected_version":-2}""")]
    [InlineData("/expected_version", """{"expected_version":"1"}""")]
    [InlineData("/expected_version", """{"expected_version":1.5}""")]
    [InlineData("/expected_version", """{"expected_version":9223372036854775808}""")]
    public void A_bad_request_is_refused_with_the_place(string pointer, string json) => Refused(pointer, json);

    [Fact]
    public void Bytes_that_are_no_utf8_are_refused()
    {
        foreach (var bad in new byte[][] { [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80, 0x80, 0x80] })
        {
            byte[] json = [.. "{\"kv_entries\":[{\"key\":\"a\",\"value\":\""u8, .. bad, .. "\"}]}"u8];
            Assert.Equal("", Assert.Throws<DymesException>(() => _reader.Read(json, new ArrayBufferWriter<byte>())).Field);
        }
    }

    [Fact]
    public void Ten_thousand_entries_are_refused_even_with_one_key()
    {
        var entries = string.Join(',', Enumerable.Repeat("""{"key":"a","value":""}""", 10_000));

        var error = Refused("/kv_entries", $$"""{"kv_entries":[{{entries}}]}""");

        Assert.Equal(ErrorCode.TooLarge, error.Code);
        Assert.Contains("1024", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_deeper_than_the_limit_is_refused_and_less_is_not()
    {
        Assert.NotEmpty(Read($$"""{"body":{{new string('[', CreationRequestReader.DepthMax - 1)}}{{new string(']', CreationRequestReader.DepthMax - 1)}}}"""));
        Refused("", $$"""{"body":{{new string('[', 100_000)}}""");
    }

    [Fact]
    public void The_largest_body_fits_and_one_byte_more_does_not()
    {
        var bytes = new byte[MessageLimits.FrameBytesMax - MessageLimits.FrameHeaderBytes + 1];
        Assert.Equal(MessageLimits.FrameBytesMax, Read($$"""{"encoded_msg_body":"{{Convert.ToBase64String(bytes, 0, bytes.Length - 1)}}"}""").Length);

        var error = Refused("/encoded_msg_body", $$"""{"encoded_msg_body":"{{Convert.ToBase64String(bytes)}}"}""");

        Assert.Equal(ErrorCode.TooLarge, error.Code);
    }

    [Fact]
    public void A_refused_request_writes_nothing_and_the_reader_goes_on()
    {
        var frames = new ArrayBufferWriter<byte>();
        Assert.Throws<DymesException>(() => _reader.Read("{\"channel\":5,\"kv_entries\":[{\"key\":\"a\",\"value\":\"b\"}],\"encoded_msg_body\":\"*\"}"u8, frames));
        Assert.Equal(0, frames.WrittenCount);

        _reader.Read("{}"u8, frames);

        Assert.Equal(new MessageDraft().ToFrame(), frames.WrittenSpan.ToArray());
    }

    [Fact]
    public void An_id_of_the_address_must_agree_with_one_of_the_request()
    {
        var frames = new ArrayBufferWriter<byte>();
        Assert.Equal(IdOf(Id), _reader.Read(Encoding.UTF8.GetBytes($$"""{"encoded_id":"{{Id.ToLowerInvariant()}}"}"""), frames, RequestIds.Optional, IdOf(Id)).Id);
        Assert.Equal(IdOf(Id), _reader.Read("{}"u8, frames, RequestIds.Optional, IdOf(Id)).Id);
        Assert.Equal("/encoded_id", Assert.Throws<DymesException>(() => _reader.Read(Encoding.UTF8.GetBytes($$"""{"encoded_id":"{{MessageId.Max}}"}"""), frames, RequestIds.Optional, IdOf(Id))).Field);
    }

    [Fact]
    public void An_export_of_the_original_is_imported()
    {
        var frame = Read($$"""{ "id": "{{Id}}", "correlation_id": "00000000000000000000000000", "channel": 340282366920938463463374607431768211455, "routing": 18446744073709551616, "headers": [{"key":"a","value":"b"}], "content": "AQI=" }""", RequestIds.Required);

        var wanted = new MessageDraft { Id = IdOf(Id), Channel = new ChannelId(UInt128.MaxValue), Routing = (UInt128)1 << 64, Kv = [("a", "b")], Bytes = [1, 2] };
        Assert.Equal(wanted.ToFrame(), frame);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"encoded_id":"00000000000000000000000000"}""")]
    [InlineData("""{"encoded_id":null}""")]
    public void An_import_needs_an_id(string json) => Refused("/encoded_id", json, RequestIds.Required);

    [Fact]
    public void A_field_under_both_its_names_is_there_twice() =>
        Refused("/encoded_id", $$"""{"id":"{{Id}}","encoded_id":"{{Id}}"}""", RequestIds.Required);

    [Fact]
    public void An_import_whose_channel_name_is_another_channels_is_refused() =>
        Refused("/channel", $$"""{"encoded_id":"{{Id}}","channel":1,"kv_entries":[{"key":"dymes:channel","value":"orders"}]}""", RequestIds.Required);

    private static MessageId IdOf(string text) => MessageId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    private byte[] Read(string json, RequestIds ids = RequestIds.Assigned)
    {
        var frames = new ArrayBufferWriter<byte>();
        var request = _reader.Read(Encoding.UTF8.GetBytes(json), frames, ids);
        Assert.Equal(FrameFault.None, MessageFrame.TryRead(frames.WrittenSpan, out _));
        Assert.Equal(frames.WrittenCount, request.FrameBytes);
        return frames.WrittenSpan.ToArray();
    }

    private DymesException Refused(string pointer, string json, RequestIds ids = RequestIds.Assigned)
    {
        var error = Assert.Throws<DymesException>(() => _reader.Read(Encoding.UTF8.GetBytes(json), new ArrayBufferWriter<byte>(), ids));
        Assert.Equal(pointer, error.Field);
        Assert.True(error.Code is ErrorCode.InvalidArgument or ErrorCode.TooLarge, error.Code.ToString());
        return error;
    }
}
