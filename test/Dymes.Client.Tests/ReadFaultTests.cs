using System.Net;
using Dymes.Client.Tests.Nodes;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Client.Tests;

public sealed class ReadFaultTests : ClientBench
{
    private const int Messages = 40;

    public static TheoryData<string, MessageQuery> Queries()
    {
        var ids = Enumerable.Range(0, Messages).Select(OldId).ToArray();
        var data = new TheoryData<string, MessageQuery>();
        foreach (var order in new[] { QueryOrder.Ascending, QueryOrder.Descending })
        {
            data.Add($"log {order}", new MessageQuery { Order = order });
            data.Add($"time {order}", new MessageQuery { Selection = new TimeSelection(), Order = order });
            data.Add($"channel {order}", new MessageQuery { Selection = new ChannelSelection(new ChannelId(1)), Order = order });
            data.Add($"limit {order}", new MessageQuery { Order = order, Limit = 17 });
            data.Add($"filter {order}", new MessageQuery { Order = order, Filters = [new KvFilter(KvRelation.Equal, "third", "0")] });
            data.Add($"descendants {order}", new MessageQuery { Selection = new DescendantsSelection(ids[3]), Order = order });
        }

        data.Add("ancestors", new MessageQuery { Selection = new AncestorsSelection(ids[^1]) });
        data.Add("ids", new MessageQuery { Selection = new IdsSelection([.. ids.Reverse(), OldId(999), ids[5], ids[5], ids[7], OldId(998), ids[5]]) });
        return data;
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task An_answer_that_breaks_goes_on_without_gap_or_repeat(string name, MessageQuery query)
    {
        await FillAsync();
        var expected = await Log.ReadAsync(query);
        Assert.NotEmpty(expected);
        var random = new Random(name.Length);
        Network.Expect(Enumerable.Range(0, 30).Select(_ => AnyFault(random)));

        var given = await Connect(options => options with { RetryDuration = TimeSpan.FromHours(1) }).ReadAsync(query);

        Assert.Equal(expected, given);
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Positions_are_the_logs_own(string name, MessageQuery query)
    {
        await FillAsync();
        var random = new Random(name.Length + 1);

        var pieces = await Connect().ReadInPiecesAsync(query with { Limit = null }, () => random.Next(1, 6));

        Assert.Equal(await Log.ReadAsync(query with { Limit = null }), pieces);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(130)]
    [InlineData(4_000)]
    public async Task A_bit_that_is_flipped_on_the_way_never_reaches_the_caller(int bytes)
    {
        await FillAsync();
        Network.Expect(new FlippedBit(bytes), new FlippedBit(bytes));

        Assert.Equal(await Log.ReadAllAsync(), await Connect().ReadAllAsync());
    }

    [Fact]
    public async Task Patience_begins_anew_with_every_message_and_ends_where_none_comes()
    {
        await FillAsync();
        Network.Expect(Enumerable.Repeat(new CutAnswer(100), 1000));

        var trouble = await Assert.ThrowsAsync<DymesException>(() => Connect().ReadAllAsync());

        Assert.Equal(ErrorCode.ConnectionFailed, trouble.Code);
        Assert.InRange(Clock.Waits.Sum(wait => wait.TotalSeconds), 27, 30);
    }

    [Fact]
    public async Task A_query_that_is_refused_is_not_asked_again()
    {
        Network.Expect(new Answer(HttpStatusCode.BadRequest, "invalid-argument"));

        var refusal = await Assert.ThrowsAsync<DymesException>(() => Connect().ReadAllAsync());

        Assert.Equal((ErrorCode.InvalidArgument, "/the/field"), (refusal.Code, refusal.Field));
        Assert.Single(Network.Requests);
    }

    [Fact]
    public async Task A_subscription_over_broken_connections_has_no_gap_and_no_repeat()
    {
        await FillAsync();
        var random = new Random(7);
        Network.Expect(Enumerable.Range(0, 40).Select(_ => AnyFault(random)));
        await using var follower = LogFollower.Start(Connect(options => options with { RetryDuration = TimeSpan.FromHours(1) }), new MessageQuery());
        var history = await follower.TakeAsync(Messages);
        for (var number = 0; number < 30; number++)
        {
            await Log.AppendAsync(MessageDraft.Request(new MessageDraft($"new {number}")));
        }

        var live = await follower.TakeAsync(30);

        Assert.Equal(Enumerable.Range(0, Messages + 30).Select(lsn => (ulong)lsn), history.Concat(live).Select(frame => LogReading.LsnOf(frame).Value));
    }

    [Fact]
    public async Task A_subscription_outlives_its_node()
    {
        await using var first = await TestNode.StartAsync(Log);
        using var client = new DymesClient(new DymesClientOptions { Addresses = [first.Address] });
        await using var follower = LogFollower.Start(client, new MessageQuery());
        await follower.TakeHistoryAsync();
        await Log.AppendAsync(MessageDraft.Request(new MessageDraft("before")));
        Assert.Equal(["before"], (await follower.TakeAsync(1)).Select(LogReading.BodyOf));

        await first.DisposeAsync();
        await Log.AppendAsync(MessageDraft.Request(new MessageDraft("meanwhile")));
        await using var second = await TestNode.StartAsync(Log, first.Address.Port);
        await Log.AppendAsync(MessageDraft.Request(new MessageDraft("after")));

        Assert.Equal(["meanwhile", "after"], (await follower.TakeAsync(2)).Select(LogReading.BodyOf));
    }

    [Fact]
    public async Task A_subscription_on_a_filter_resumes_at_its_own_place()
    {
        await FillAsync();
        Network.Expect(new CutAnswer(900), new CutAnswer(500), new FlippedBit(300));
        var query = new MessageQuery { Filters = [new KvFilter(KvRelation.Equal, "third", "1")], Limit = 10 };
        await using var follower = LogFollower.Start(Connect(), query);

        Assert.Equal(Enumerable.Range(0, 10).Select(step => (ulong)((3 * step) + 1)), (await follower.TakeToEndAsync()).Select(frame => LogReading.LsnOf(frame).Value));
    }

    [Fact]
    public async Task A_stream_that_falls_silent_is_opened_again()
    {
        await FillAsync();
        var silence = new Silence(new TaskCompletionSource());
        Network.Expect(silence);

        var reading = Connect().ReadAllAsync();
        await silence.Reached.Task;
        Clock.RunOut();

        Assert.Equal(Messages, (await reading).Count);
    }

    [Fact]
    public async Task A_cursor_goes_through_an_answer_piece_by_piece_and_is_gone_when_closed()
    {
        await FillAsync();
        var cursors = Connect().Cursors;
        var cursor = await cursors.OpenAsync(new MessageQuery { Order = QueryOrder.Descending, Filters = [new KvFilter(KvRelation.Has, "third")] });
        var frames = new List<byte[]>();
        while (await cursors.ReadAsync(cursor, 7) is { Count: > 0 } page)
        {
            frames.AddRange(Frames.Of(page));
        }

        Assert.Equal(Enumerable.Reverse(await Log.ReadAllAsync()), frames);
        Assert.True(await cursors.CloseAsync(cursor));
        Assert.False(await cursors.CloseAsync(cursor));
        Assert.Null(await cursors.ReadAsync(cursor, 1));
    }

    [Fact]
    public async Task A_cursors_page_whose_answer_was_lost_is_not_passed_over_in_silence()
    {
        await FillAsync();
        var cursors = Connect().Cursors;
        var cursor = await cursors.OpenAsync(new MessageQuery());
        Network.Expect(new CutAfter());

        var trouble = await Assert.ThrowsAsync<DymesException>(async () => await cursors.ReadAsync(cursor, 5));

        Assert.Equal(ErrorCode.OutcomeUnknown, trouble.Code);
    }

    // Each follows from the one before, every other one is in channel 1, and their bodies differ in size.
    private async Task FillAsync()
    {
        var drafts = Enumerable.Range(0, Messages).Select(number => new MessageDraft(new string('x', number * 13))
        {
            Id = OldId(number),
            Parent = number == 0 ? MessageId.None : OldId(number - 1),
            Channel = new ChannelId((UInt128)(number % 2)),
            Kv = [("third", $"{number % 3}")],
        });
        await Log.AppendAsync(MessageDraft.Request([.. drafts]));
    }

    private static Fault? AnyFault(Random random) => random.Next(6) switch
    {
        0 => new NoConnection(),
        1 => new CutBefore(),
        2 => new Answer(HttpStatusCode.ServiceUnavailable, "not-ready"),
        3 => new FlippedBit(random.Next(4_000)),
        _ => new CutAnswer(random.Next(3_000)),
    };
}
