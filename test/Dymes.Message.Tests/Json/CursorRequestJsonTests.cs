using System.Text;
using Dymes.Common;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Message.Tests.Json;

public sealed class CursorRequestJsonTests
{
    private const string Id = "01K7068MQWRDT23X6TK4QCT5NS";
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_originals_queries_are_read()
    {
        Assert.Equal([IdOf(Id)], Assert.IsType<IdsSelection>(Read($$$$"""{"query_dto":{"query_single":"{{{{Id}}}}"}}""").Selection).Ids);
        Assert.Equal(new AncestorsSelection(IdOf(Id)), Read($$$$"""{"query_dto":{"query_correlation":"{{{{Id}}}}"}}""").Selection);
        Assert.Equal([IdOf(Id), IdOf(Id)], Assert.IsType<IdsSelection>(Read($$$$"""{"query_dto":{"query_multiple":{"msg_ids":["{{{{Id}}}}","{{{{Id}}}}"]}}}""").Selection).Ids);

        var range = Read($$$$"""{"query_dto":{"query_range":{"range_start":"{{{{Id}}}}","range_end":"now"}}}""");
        Assert.IsType<TimeSelection>(range.Selection);
        Assert.Equal((IdOf(Id), MessageId.LastAt(Now.ToUnixTimeMilliseconds())), (range.Bounds.FromId, range.Bounds.ToId));

        var channel = Read($$$$"""{"query_dto":{"query_channel":{"channel_id":"0x2be","range_start":null,"range_end":"{{{{Id}}}}"}}}""");
        Assert.Equal(new ChannelSelection(new ChannelId(702)), channel.Selection);
        Assert.Equal((MessageId.None, IdOf(Id)), (channel.Bounds.FromId, channel.Bounds.ToId));
    }

    [Fact]
    public void Filters_are_added_and_the_comparison_defaults_to_the_mask()
    {
        var query = Read($$$$"""{"query_dto":{"query_correlation":"{{{{Id}}}}"},"filters":[{"channel_filter":7},{"routing_filter":{"variant":"widening","routing_mask":5}},{"routing_filter":{"variant":"narrowing","routing_mask":"0x6"}},{"routing_filter":{"variant":"narrowing","routing_mask":6,"routing_cmp":2}},{"kv_filter":{"has":"a"}},{"kv_filter":{"eql":{"key":"a","value":"b"}}},{"kv_filter":{"neq":{"key":"a","value":""}}}]}""");

        Assert.Equal(
            [
                new ChannelFilter(new ChannelId(7)), new WideningFilter(5), new NarrowingFilter(6, 6), new NarrowingFilter(6, 2),
                new KvFilter(KvRelation.Has, "a"), new KvFilter(KvRelation.Equal, "a", "b"), new KvFilter(KvRelation.NotEqual, "a"),
            ],
            query.Filters);
    }

    [Theory]
    [InlineData("", "{")]
    [InlineData("", "[]")]
    [InlineData("/query_dto", "{}")]
    [InlineData("/query_dto", """{"query_dto":{}}""")]
    [InlineData("/query_dto", """{"query_dto":{"query_single":"01K7068MQWRDT23X6TK4QCT5NS","query_correlation":"01K7068MQWRDT23X6TK4QCT5NS"}}""")]
    [InlineData("/query_dto/query_all", """{"query_dto":{"query_all":1}}""")]
    [InlineData("/query_dto/query_single", """{"query_dto":{"query_single":7}}""")]
    [InlineData("/query_dto/query_range/range_start", """{"query_dto":{"query_range":{"range_start":"yesterday"}}}""")]
    [InlineData("/query_dto/query_range/channel_id", """{"query_dto":{"query_range":{"channel_id":1}}}""")]
    [InlineData("/query_dto/query_channel/channel_id", """{"query_dto":{"query_channel":{}}}""")]
    [InlineData("/query_dto/query_channel/channel_id", """{"query_dto":{"query_channel":{"channel_id":1.5}}}""")]
    [InlineData("/query_dto/query_multiple/msg_ids/1", """{"query_dto":{"query_multiple":{"msg_ids":["01K7068MQWRDT23X6TK4QCT5NS","x"]}}}""")]
    [InlineData("/filter", """{"query_dto":{"query_single":"01K7068MQWRDT23X6TK4QCT5NS"},"filter":[]}""")]
    [InlineData("/query", """{"query_dto":{"query_single":"01K7068MQWRDT23X6TK4QCT5NS"},"query":{}}""")]
    public void A_bad_request_is_refused_with_the_place(string pointer, string json)
    {
        var error = Assert.Throws<DymesException>(() => Read(json));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Equal(pointer, error.Field);
    }

    [Fact]
    public void Half_a_surrogate_pair_and_a_field_given_twice_are_refused()
    {
        Assert.Throws<DymesException>(() => Read("""{"query_dto":{"query_single":"\ud800"}}"""));
        Assert.Throws<DymesException>(() => Read("""{"filters":[],"filters":[]}"""));
    }

    private static MessageQuery Read(string json) => CursorRequestJson.Read(Encoding.UTF8.GetBytes(json), Now);

    private static MessageId IdOf(string text) => MessageId.TryParse(text, out var id) ? id : throw new ArgumentException(text);
}
