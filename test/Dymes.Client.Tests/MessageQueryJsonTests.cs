using System.Buffers;
using System.Text;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Client.Tests;

public sealed class MessageQueryJsonTests
{
    private static readonly MessageId SomeId = new(UInt128.Parse("2123456789012345678901234567890123456"));

    public static TheoryData<MessageQuery> Queries => new(
        new MessageQuery(),
        new MessageQuery { Selection = new TimeSelection(), Order = QueryOrder.Descending, Limit = long.MaxValue },
        new MessageQuery { Selection = new ChannelSelection(new ChannelId(UInt128.MaxValue)), Bounds = new MessageBounds(new Lsn(5), new Lsn(7), SomeId, MessageId.Max) },
        new MessageQuery { Selection = new AncestorsSelection(SomeId) },
        new MessageQuery { Selection = new DescendantsSelection(SomeId), After = new QueryPosition(17, SomeId) },
        new MessageQuery { Bounds = new MessageBounds(Lsn.First, Lsn.Max, MessageId.None, SomeId), Limit = 1 });

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_query_comes_back_as_it_was(MessageQuery query) => Assert.Equal(query, RoundTrip(query));

    [Fact]
    public void Filters_come_back_as_they_were_with_any_text_in_keys_and_values()
    {
        MessageFilter[] filters =
        [
            new ChannelFilter(new ChannelId(702)),
            new WideningFilter(UInt128.One << 127),
            new NarrowingFilter(0xf0, 0x10),
            new KvFilter(KvRelation.Has, "a==b"),
            new KvFilter(KvRelation.Equal, "key \"quoted\"", "värde\n!=\0"),
            new KvFilter(KvRelation.NotEqual, "k", ""),
        ];

        Assert.Equal(filters, RoundTrip(new MessageQuery { Filters = filters }).Filters);
    }

    [Fact]
    public void Ids_come_back_in_their_order_with_repetitions()
    {
        var ids = new[] { SomeId, MessageId.Max, SomeId, MessageId.None };

        var selection = Assert.IsType<IdsSelection>(RoundTrip(new MessageQuery { Selection = new IdsSelection(ids) }).Selection);

        Assert.Equal(ids, selection.Ids);
    }

    [Theory]
    [InlineData("""[]""", "")]
    [InlineData("""{"select":"all"}""", "/select")]
    [InlineData("""{"select":{}}""", "/select")]
    [InlineData("""{"select":{"channel":1,"ids":[]}}""", "/select")]
    [InlineData("""{"select":{"channel":-1}}""", "/select/channel")]
    [InlineData("""{"select":{"channel":340282366920938463463374607431768211456}}""", "/select/channel")]
    [InlineData("""{"select":{"ids":["x"]}}""", "/select/ids/0")]
    [InlineData("""{"from_lsn":1.5}""", "/from_lsn")]
    [InlineData("""{"limit":0}""", "/limit")]
    [InlineData("""{"order":"up"}""", "/order")]
    [InlineData("""{"filters":[{"kv_filter":{"eql":{"key":"a"}}}]}""", "/filters/0/kv_filter/eql/value")]
    [InlineData("""{"filters":[{"routing_filter":{"variant":"widening"}}]}""", "/filters/0/routing_filter/routing_mask")]
    [InlineData("""{"after":"AAAA"}""", "/after")]
    [InlineData("""{"unknown":1}""", "/unknown")]
    public void A_bad_field_is_named(string json, string field)
    {
        var refusal = Assert.Throws<DymesException>(() => MessageQueryJson.Read(Encoding.UTF8.GetBytes(json)));

        Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
        Assert.Equal(field, refusal.Field);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_like_any_other_mistake()
    {
        byte[] json = [.. "{\"order\":\""u8, 0xff, 0xfe, .. "\"}"u8];

        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<DymesException>(() => MessageQueryJson.Read(json)).Code);
    }

    [Fact]
    public void A_position_of_another_query_is_refused()
    {
        var output = new ArrayBufferWriter<byte>();
        MessageQueryJson.Write(output, new MessageQuery { After = new QueryPosition(3, SomeId) });
        var moved = Encoding.UTF8.GetString(output.WrittenSpan).Replace("\"log\"", "\"time\"");

        Assert.Equal("/after", Assert.Throws<DymesException>(() => MessageQueryJson.Read(Encoding.UTF8.GetBytes(moved))).Field);
    }

    [Fact]
    public void A_mark_between_frames_comes_back_as_it_was_and_is_no_frame()
    {
        var mark = new FrameStreamMark(FrameStreamMarkKind.Heartbeat, new QueryPosition(99, SomeId));
        var bytes = new byte[FrameStreamMark.SizeBytes];
        mark.Write(bytes);

        Assert.True(FrameStreamMark.TryRead(bytes, out var read));
        Assert.Equal(mark, read);
        Assert.False(FrameStreamMark.TryRead(new FrameBuilder().Build("body"u8), out _));
    }

    private static MessageQuery RoundTrip(MessageQuery query)
    {
        var output = new ArrayBufferWriter<byte>();
        MessageQueryJson.Write(output, query);
        return MessageQueryJson.Read(output.WrittenMemory);
    }
}
