using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Contract;

/// <summary>What a subscriber is given: history, then what is appended, without gap or repeat.</summary>
public abstract class SubscriptionContract : QueryContract
{
    private static readonly ChannelId Watched = new(9);

    [Fact]
    public async Task A_subscriber_gets_history_and_then_what_is_appended()
    {
        await AppendAsync(new MessageDraft("a"), new MessageDraft("b"));
        await using var follower = LogFollower.Start(Log, new MessageQuery());
        Assert.Equal(["a", "b"], Bodies(await follower.TakeHistoryAsync()));
        await AppendAsync(new MessageDraft("c"));
        await AppendAsync(new MessageDraft("d"), new MessageDraft("e"));
        Assert.Equal(["c", "d", "e"], Bodies(await follower.TakeAsync(3)));
    }

    [Fact]
    public async Task A_subscriber_of_an_empty_log_is_told_that_there_is_no_history()
    {
        await using var follower = LogFollower.Start(Log, new MessageQuery());
        Assert.Empty(await follower.TakeHistoryAsync());
        await AppendAsync(new MessageDraft("a"));
        Assert.Equal(["a"], Bodies(await follower.TakeAsync(1)));
    }

    [Fact]
    public async Task A_subscriber_gets_the_stored_frames()
    {
        await using var follower = LogFollower.Start(Log, new MessageQuery());
        await follower.TakeHistoryAsync();
        await AppendAsync(new MessageDraft("a") { Kv = [("k", "v")] }, new MessageDraft("b") { Id = OldId(1) });
        Assert.Equal(await Log.ReadAllAsync(), await follower.TakeAsync(2));
    }

    [Fact]
    public async Task A_subscriber_of_a_channel_gets_that_channel_only()
    {
        await AppendAsync(new MessageDraft("a") { Channel = Watched }, new MessageDraft("no"));
        await using var follower = LogFollower.Start(Log, new MessageQuery { Selection = new ChannelSelection(Watched) });
        Assert.Equal(["a"], Bodies(await follower.TakeHistoryAsync()));
        await AppendAsync(new MessageDraft("no"), new MessageDraft("b") { Channel = Watched }, new MessageDraft("no"));
        await AppendAsync(new MessageDraft("no"));
        await AppendAsync(new MessageDraft("c") { Channel = Watched });
        Assert.Equal(["b", "c"], Bodies(await follower.TakeAsync(2)));
    }

    [Fact]
    public async Task A_subscriber_of_a_tree_gets_what_grows_on_it()
    {
        var root = (await AppendAsync(new MessageDraft("root")))[0].Id;
        await using var follower = LogFollower.Start(Log, new MessageQuery { Selection = new DescendantsSelection(root) });
        Assert.Equal(["root"], Bodies(await follower.TakeHistoryAsync()));
        var child = (await AppendAsync(new MessageDraft("no"), new MessageDraft("child") { Parent = root }))[1].Id;
        await AppendAsync(new MessageDraft("grandchild") { Parent = child }, new MessageDraft("no"));
        Assert.Equal(["child", "grandchild"], Bodies(await follower.TakeAsync(2)));
    }

    [Fact]
    public async Task A_subscriber_of_a_tree_may_come_before_its_root()
    {
        await using var follower = LogFollower.Start(Log, new MessageQuery { Selection = new DescendantsSelection(OldId(1)) });
        Assert.Empty(await follower.TakeHistoryAsync());
        await AppendAsync(new MessageDraft("no"), new MessageDraft("root") { Id = OldId(1) });
        await AppendAsync(new MessageDraft("child") { Parent = OldId(1) });
        Assert.Equal(["root", "child"], Bodies(await follower.TakeAsync(2)));
    }

    [Fact]
    public async Task A_subscriber_of_time_gets_the_order_of_the_log()
    {
        await ImportAsync(new MessageDraft("young") { Id = OldId(9) }, new MessageDraft("old") { Id = OldId(1) });
        await using var follower = LogFollower.Start(Log, new MessageQuery { Selection = new TimeSelection() });
        Assert.Equal(["young", "old"], Bodies(await follower.TakeHistoryAsync()));
        await ImportAsync(new MessageDraft("oldest") { Id = OldId(0) });
        Assert.Equal(["oldest"], Bodies(await follower.TakeAsync(1)));
    }

    [Fact]
    public async Task Bounds_and_filters_apply_to_history_and_to_what_is_appended()
    {
        var query = new MessageQuery
        {
            Bounds = MessageBounds.Everything with { FromLsn = new Lsn(1), FromId = OldId(5) },
            Filters = [new WideningFilter(1)],
        };
        await AppendAsync(new MessageDraft("too early") { Routing = 1 }, new MessageDraft("a") { Routing = 1 }, new MessageDraft("no bit"));
        await using var follower = LogFollower.Start(Log, query);
        Assert.Equal(["a"], Bodies(await follower.TakeHistoryAsync()));
        await ImportAsync(new MessageDraft("too old") { Routing = 1, Id = OldId(4) });
        await AppendAsync(new MessageDraft("no bit"), new MessageDraft("b") { Routing = 3 });
        Assert.Equal(["b"], Bodies(await follower.TakeAsync(1)));
    }

    [Fact]
    public async Task A_subscription_ends_at_its_limit()
    {
        await AppendAsync(new MessageDraft("a"), new MessageDraft("b"));
        await using var inHistory = LogFollower.Start(Log, new MessageQuery { Limit = 2 });
        Assert.Equal(["a", "b"], Bodies(await inHistory.TakeToEndAsync()));

        await using var live = LogFollower.Start(Log, new MessageQuery { Limit = 3 });
        var first = await live.TakeHistoryAsync();
        await AppendAsync(new MessageDraft("c"), new MessageDraft("d"));
        Assert.Equal(["a", "b", "c"], Bodies([.. first, .. await live.TakeToEndAsync()]));
    }

    [Fact]
    public async Task A_subscription_goes_on_behind_a_position()
    {
        await AppendAsync(new MessageDraft("a"), new MessageDraft("b"));
        QueryPosition position;
        await using (var first = LogFollower.Start(Log, new MessageQuery { Limit = 1 }))
        {
            await first.TakeAsync(1);
            position = first.Position;
        }

        await using var second = LogFollower.Start(Log, new MessageQuery { After = position });
        Assert.Equal(["b"], Bodies(await second.TakeHistoryAsync()));
        await AppendAsync(new MessageDraft("c"));
        Assert.Equal(["c"], Bodies(await second.TakeAsync(1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task The_end_of_history_is_a_position_to_go_on_from(int stored)
    {
        await AppendSeveralAsync(stored, "before");
        QueryPosition position;
        await using (var first = LogFollower.Start(Log, new MessageQuery()))
        {
            Assert.Equal(stored, (await first.TakeHistoryAsync()).Count);
            position = first.Position;
        }

        await AppendAsync(new MessageDraft("between"));
        await using var second = LogFollower.Start(Log, new MessageQuery { After = position });
        Assert.Equal(["between"], Bodies(await second.TakeHistoryAsync()));
    }

    [Fact]
    public async Task A_subscription_that_is_cancelled_ends()
    {
        var follower = LogFollower.Start(Log, new MessageQuery());
        await follower.TakeHistoryAsync();
        await follower.DisposeAsync();
        await AppendAsync(new MessageDraft("later"));
        Assert.Empty(await follower.TakeToEndAsync());
    }

    [Fact]
    public async Task What_cannot_be_followed_is_refused()
    {
        foreach (var query in new[]
        {
            new MessageQuery { Selection = new IdsSelection([OldId(1)]) },
            new MessageQuery { Selection = new AncestorsSelection(OldId(1)) },
            new MessageQuery { Order = QueryOrder.Descending },
            new MessageQuery { Limit = 0 },
        })
        {
            var refusal = await Assert.ThrowsAsync<DymesException>(async () =>
            {
                await foreach (var page in Log.SubscribeAsync(query))
                {
                    Assert.Fail($"a page of {page.Count} messages came");
                }
            });
            Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
        }
    }

    private async Task AppendSeveralAsync(int count, string body)
    {
        for (var number = 0; number < count; number++)
        {
            await AppendAsync(new MessageDraft(body));
        }
    }

    private static IEnumerable<string> Bodies(IEnumerable<byte[]> frames) => frames.Select(LogReading.BodyOf);
}
