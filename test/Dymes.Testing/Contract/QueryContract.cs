using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Contract;

/// <summary>Which messages a query gives, and in which order. All stand on one small log; see <see cref="TellTheStoryAsync"/>.</summary>
public abstract class QueryContract : RepeatContract
{
    private static readonly ChannelId Red = new(1);
    private static readonly ChannelId Blue = new(UInt128.MaxValue);
    private readonly Dictionary<string, MessageId> _ids = [];

    [Fact]
    public async Task The_log_comes_in_the_order_of_appending()
    {
        await TellTheStoryAsync();
        Assert.Equal(["root", "a", "b", "lone", "aa", "old", "ab", "oldest", "aaa"], await Log.BodiesAsync(new LogSelection()));
        Assert.Equal(["aaa", "oldest", "ab", "old", "aa", "lone", "b", "a", "root"], await Log.BodiesAsync(Backward(new LogSelection())));
    }

    [Fact]
    public async Task Time_comes_in_the_order_of_ids()
    {
        await TellTheStoryAsync();
        Assert.Equal(["oldest", "old", "root", "a", "b", "lone", "aa", "ab", "aaa"], await Log.BodiesAsync(new TimeSelection()));
        Assert.Equal(["aaa", "ab", "aa", "lone", "b", "a", "root", "old", "oldest"], await Log.BodiesAsync(Backward(new TimeSelection())));
    }

    [Fact]
    public async Task A_channel_gives_its_messages_and_no_others()
    {
        await TellTheStoryAsync();
        Assert.Equal(["root", "a", "aa", "oldest"], await Log.BodiesAsync(new ChannelSelection(Red)));
        Assert.Equal(["old", "b"], await Log.BodiesAsync(Backward(new ChannelSelection(Blue))));
        Assert.Empty(await Log.BodiesAsync(new ChannelSelection(new ChannelId(2))));
    }

    [Fact]
    public async Task Ids_give_their_messages_in_the_order_asked_and_skip_what_is_missing()
    {
        await TellTheStoryAsync();
        var ids = new[] { _ids["aaa"], OldId(77), _ids["root"], _ids["old"], MessageId.None, _ids["root"] };
        Assert.Equal(["aaa", "root", "old", "root"], await Log.BodiesAsync(new IdsSelection(ids)));
    }

    [Fact]
    public async Task Ancestors_are_the_message_and_its_parents_up_to_the_root()
    {
        await TellTheStoryAsync();
        Assert.Equal(["aaa", "aa", "a", "root"], await Log.BodiesAsync(new AncestorsSelection(_ids["aaa"])));
        Assert.Equal(["root"], await Log.BodiesAsync(new AncestorsSelection(_ids["root"])));
        Assert.Empty(await Log.BodiesAsync(new AncestorsSelection(OldId(77))));
    }

    [Fact]
    public async Task Descendants_are_the_message_and_its_whole_tree()
    {
        await TellTheStoryAsync();
        Assert.Equal(["root", "a", "b", "aa", "old", "ab", "aaa"], await Log.BodiesAsync(new DescendantsSelection(_ids["root"])));
        Assert.Equal(["aaa", "ab", "aa", "a"], await Log.BodiesAsync(Backward(new DescendantsSelection(_ids["a"]))));
        Assert.Equal(["aaa"], await Log.BodiesAsync(new DescendantsSelection(_ids["aaa"])));
        Assert.Empty(await Log.BodiesAsync(new DescendantsSelection(OldId(77))));
    }

    [Fact]
    public async Task Descendants_that_came_before_their_parents_belong_to_the_tree()
    {
        await ImportAsync(
            new MessageDraft("grandchild") { Id = OldId(3), Parent = OldId(2) },
            new MessageDraft("stranger") { Id = OldId(4) },
            new MessageDraft("child") { Id = OldId(2), Parent = OldId(1) },
            new MessageDraft("root") { Id = OldId(1) });
        Assert.Equal(["grandchild", "child", "root"], await Log.BodiesAsync(new DescendantsSelection(OldId(1))));
        Assert.Empty(await Log.BodiesAsync(new DescendantsSelection(OldId(99))));
    }

    [Fact]
    public async Task The_tree_of_a_message_that_is_missing_is_empty()
    {
        await ImportAsync(new MessageDraft("orphan") { Id = OldId(2), Parent = OldId(1) });
        Assert.Empty(await Log.BodiesAsync(new DescendantsSelection(OldId(1))));
    }

    [Fact]
    public async Task A_knot_of_messages_that_follow_from_each_other_is_given_once()
    {
        await ImportAsync(
            new MessageDraft("one") { Id = OldId(1), Parent = OldId(3) },
            new MessageDraft("two") { Id = OldId(2), Parent = OldId(1) },
            new MessageDraft("three") { Id = OldId(3), Parent = OldId(2) },
            new MessageDraft("self") { Id = OldId(4), Parent = OldId(4) },
            new MessageDraft("tail") { Id = OldId(5), Parent = OldId(3) });
        Assert.Equal(["two", "one", "three"], await Log.BodiesAsync(new AncestorsSelection(OldId(2))));
        Assert.Equal(["tail", "three", "two", "one"], await Log.BodiesAsync(new AncestorsSelection(OldId(5))));
        Assert.Equal(["self"], await Log.BodiesAsync(new AncestorsSelection(OldId(4))));
        Assert.Equal(["one", "two", "three", "tail"], await Log.BodiesAsync(new DescendantsSelection(OldId(3))));

        var pieces = await Log.ReadInPiecesAsync(new MessageQuery { Selection = new AncestorsSelection(OldId(5)) }, () => 1);
        Assert.Equal(["tail", "three", "two", "one"], pieces.Select(LogReading.BodyOf));
    }

    [Fact]
    public async Task Bounds_of_position_are_inclusive()
    {
        await TellTheStoryAsync();
        var bounds = MessageBounds.Everything with { FromLsn = new Lsn(1), ToLsn = new Lsn(4) };
        Assert.Equal(["a", "b", "lone", "aa"], await Log.BodiesAsync(new MessageQuery { Bounds = bounds }));
        Assert.Equal(["a", "aa"], await Log.BodiesAsync(new MessageQuery { Selection = new ChannelSelection(Red), Bounds = bounds }));
        Assert.Equal(["aa", "a"], await Log.BodiesAsync(Backward(new ChannelSelection(Red)) with { Bounds = bounds }));
        Assert.Equal(["a", "b", "aa"], await Log.BodiesAsync(new MessageQuery { Selection = new DescendantsSelection(_ids["root"]), Bounds = bounds }));
    }

    [Fact]
    public async Task Bounds_of_id_are_inclusive_in_every_order()
    {
        await TellTheStoryAsync();
        var bounds = MessageBounds.Everything with { FromId = _ids["old"], ToId = _ids["b"] };
        Assert.Equal(["old", "root", "a", "b"], await Log.BodiesAsync(new MessageQuery { Selection = new TimeSelection(), Bounds = bounds }));
        Assert.Equal(["b", "a", "root", "old"], await Log.BodiesAsync(Backward(new TimeSelection()) with { Bounds = bounds }));
        Assert.Equal(["root", "a", "b", "old"], await Log.BodiesAsync(new MessageQuery { Bounds = bounds }));
        Assert.Equal(["b", "old"], await Log.BodiesAsync(new MessageQuery { Selection = new ChannelSelection(Blue), Bounds = bounds }));
        Assert.Equal(["old", "a"], await Log.BodiesAsync(
            new MessageQuery { Selection = new IdsSelection([_ids["oldest"], _ids["old"], _ids["aa"], _ids["a"]]), Bounds = bounds }));
    }

    [Fact]
    public async Task A_chain_goes_on_through_messages_outside_the_bounds_and_filters()
    {
        await TellTheStoryAsync();
        var chain = new MessageQuery { Selection = new AncestorsSelection(_ids["aaa"]) };
        Assert.Equal(["aaa", "root"], await Log.BodiesAsync(chain with { Filters = [new WideningFilter(1)] }));
        Assert.Equal(["aa", "a"], await Log.BodiesAsync(chain with { Bounds = MessageBounds.Everything with { FromLsn = new Lsn(1), ToLsn = new Lsn(4) } }));
    }

    [Fact]
    [Trait("original", "defect 3")]
    public async Task A_range_outside_the_stored_messages_gives_nothing()
    {
        await TellTheStoryAsync();
        foreach (var selection in new MessageSelection[] { new TimeSelection(), new LogSelection(), new ChannelSelection(Red) })
        {
            foreach (var bounds in new[]
            {
                MessageBounds.Everything with { ToId = new MessageId(1000) },
                MessageBounds.Everything with { FromId = new MessageId(_ids["aaa"].Value + 1) },
                MessageBounds.Everything with { FromLsn = new Lsn(9) },
                MessageBounds.Everything with { FromId = _ids["b"], ToId = _ids["a"] },
                MessageBounds.Everything with { FromLsn = new Lsn(3), ToLsn = new Lsn(2) },
            })
            {
                Assert.Empty(await Log.BodiesAsync(new MessageQuery { Selection = selection, Bounds = bounds }));
                Assert.Empty(await Log.BodiesAsync(Backward(selection) with { Bounds = bounds }));
            }
        }
    }

    [Fact]
    [Trait("original", "defect 3")]
    public async Task A_range_that_starts_between_two_messages_begins_with_the_later_one()
    {
        await TellTheStoryAsync();
        var between = MessageBounds.Everything with { FromId = new MessageId(_ids["a"].Value + 1), ToId = new MessageId(_ids["aa"].Value - 1) };
        Assert.Equal(["b", "lone"], await Log.BodiesAsync(new MessageQuery { Selection = new TimeSelection(), Bounds = between }));
        Assert.Equal(["lone", "b"], await Log.BodiesAsync(Backward(new TimeSelection()) with { Bounds = between }));
    }

    [Fact]
    [Trait("original", "defect 4")]
    public async Task A_channel_range_ends_before_a_first_message_that_is_too_new()
    {
        await TellTheStoryAsync();
        var bounds = MessageBounds.Everything with { FromId = new MessageId(_ids["a"].Value + 1), ToId = new MessageId(_ids["aa"].Value - 1) };
        Assert.Empty(await Log.BodiesAsync(new MessageQuery { Selection = new ChannelSelection(Red), Bounds = bounds }));
    }

    [Fact]
    [Trait("original", "defect 4")]
    public async Task A_channel_is_found_behind_many_messages_without_it()
    {
        await AppendAsync(new MessageDraft("first") { Channel = Red });
        for (var batch = 0; batch < 6; batch++)
        {
            await AppendAsync([.. Enumerable.Range(0, 100).Select(number => new MessageDraft($"filler {number}") { Channel = Blue })]);
        }

        await AppendAsync(new MessageDraft("last") { Channel = Red });
        Assert.Equal(["first", "last"], await Log.BodiesAsync(new ChannelSelection(Red)));
        Assert.Equal(["last", "first"], await Log.BodiesAsync(Backward(new ChannelSelection(Red))));
    }

    [Fact]
    [Trait("original", "defect 1")]
    public async Task A_filter_narrows_a_correlation_query()
    {
        await TellTheStoryAsync();
        IReadOnlyList<MessageFilter> red = [new ChannelFilter(Red)];
        Assert.Equal(["root", "a", "aa"], await Log.BodiesAsync(new MessageQuery { Selection = new DescendantsSelection(_ids["root"]), Filters = red }));
        Assert.Equal(["aa", "a", "root"], await Log.BodiesAsync(new MessageQuery { Selection = new AncestorsSelection(_ids["aaa"]), Filters = red }));
    }

    [Fact]
    [Trait("original", "defect 6")]
    public async Task Widening_takes_any_bit_of_the_mask_and_narrowing_exactly_those_asked()
    {
        await TellTheStoryAsync();
        Assert.Equal(["a", "b", "aa"], await Filtered(new WideningFilter(0b110)));
        Assert.Equal(["aa"], await Filtered(new NarrowingFilter(0b110, 0b110)));
        Assert.Equal(["a", "b"], await Filtered(new NarrowingFilter(0b110, 0b010)));
        Assert.Equal(["lone", "old", "ab", "oldest"], await Filtered(new NarrowingFilter(0b111, 0)));
        Assert.Equal(["aaa"], await Filtered(new WideningFilter(UInt128.One << 127)));
        Assert.Empty(await Filtered(new WideningFilter(0)));
        Assert.Empty(await Filtered(new NarrowingFilter(0b001, 0b010)));
    }

    [Fact]
    public async Task Entries_are_asked_for_by_key_and_value()
    {
        await TellTheStoryAsync();
        Assert.Equal(["a", "aa", "aaa"], await Filtered(new KvFilter(KvRelation.Has, "kind")));
        Assert.Equal(["a", "aaa"], await Filtered(new KvFilter(KvRelation.Equal, "kind", "x y")));
        Assert.Equal(["root", "b", "lone", "aa", "old", "ab", "oldest"], await Filtered(new KvFilter(KvRelation.NotEqual, "kind", "x y")));
        Assert.Equal(["aa"], await Filtered(new KvFilter(KvRelation.Equal, "kind", "")));
        Assert.Empty(await Filtered(new KvFilter(KvRelation.Has, "Kind")));
    }

    [Fact]
    public async Task Filters_must_all_pass()
    {
        await TellTheStoryAsync();
        Assert.Equal(["a"], await Filtered(new KvFilter(KvRelation.Has, "kind"), new ChannelFilter(Red), new NarrowingFilter(0b110, 0b010)));
        Assert.Empty(await Filtered(new ChannelFilter(Red), new ChannelFilter(Blue)));
    }

    [Fact]
    public async Task A_limit_counts_what_passes_the_filters()
    {
        await TellTheStoryAsync();
        var query = new MessageQuery { Filters = [new ChannelFilter(Red)], Limit = 3 };
        Assert.Equal(["root", "a", "aa"], await Log.BodiesAsync(query));
        Assert.Equal(["oldest", "aa", "a"], await Log.BodiesAsync(query with { Order = QueryOrder.Descending }));
        Assert.Equal(["root", "a", "aa", "oldest"], await Log.BodiesAsync(query with { Limit = long.MaxValue }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_answer_in_pieces_is_the_whole_answer(int size)
    {
        await TellTheStoryAsync();
        foreach (var query in EveryKind())
        {
            var whole = await Log.ReadAsync(query);
            Assert.Equal(whole, await Log.ReadInPiecesAsync(query, () => size));
        }
    }

    [Fact]
    public async Task A_piece_goes_on_with_what_came_since()
    {
        await AppendAsync(new MessageDraft("a"), new MessageDraft("b"));
        FramePage last = default;
        await foreach (var page in Log.QueryAsync(new MessageQuery()))
        {
            last = page;
        }

        await AppendAsync(new MessageDraft("c"));
        Assert.Equal(["c"], await Log.BodiesAsync(new MessageQuery { After = last.Position }));
    }

    [Fact]
    public async Task The_default_position_is_the_start()
    {
        await TellTheStoryAsync();
        foreach (var query in EveryKind())
        {
            Assert.Equal(await Log.ReadAsync(query), await Log.ReadAsync(query with { After = default(QueryPosition) }));
        }
    }

    [Fact]
    public async Task A_query_gives_what_was_there_at_its_start()
    {
        await AppendAsync([.. Enumerable.Range(0, 500).Select(number => new MessageDraft($"{number}"))]);
        var count = 0;
        await foreach (var page in Log.QueryAsync(new MessageQuery()))
        {
            count += page.Count;
            await AppendAsync(new MessageDraft("late"), new MessageDraft("late"));
        }

        Assert.Equal(500, count);
    }

    [Fact]
    public async Task A_query_that_contradicts_itself_is_refused()
    {
        foreach (var query in new[]
        {
            new MessageQuery { Limit = 0 },
            new MessageQuery { Limit = -1 },
            new MessageQuery { Selection = new IdsSelection([]) },
            new MessageQuery { Selection = new IdsSelection(new MessageId[MessageLimits.QueryIdsMax + 1]) },
            new MessageQuery { Selection = new IdsSelection([OldId(1)]), Order = QueryOrder.Descending },
            new MessageQuery { Selection = new AncestorsSelection(OldId(1)), Order = QueryOrder.Descending },
            new MessageQuery { Filters = [.. Enumerable.Repeat(new WideningFilter(1), MessageLimits.QueryFiltersMax + 1)] },
        })
        {
            var refusal = await Assert.ThrowsAsync<DymesException>(() => Log.ReadAsync(query));
            Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
        }
    }

    private static MessageQuery Backward(MessageSelection selection) => new() { Selection = selection, Order = QueryOrder.Descending };

    private Task<List<string>> Filtered(params MessageFilter[] filters) => Log.BodiesAsync(new MessageQuery { Filters = filters });

    private List<MessageQuery> EveryKind()
    {
        var bounds = MessageBounds.Everything with { FromId = _ids["old"], ToLsn = new Lsn(7) };
        MessageSelection[] bothWays = [new LogSelection(), new TimeSelection(), new ChannelSelection(Red), new DescendantsSelection(_ids["root"])];
        MessageSelection[] oneWay =
        [
            new AncestorsSelection(_ids["aaa"]),
            new IdsSelection([_ids["b"], OldId(77), _ids["a"], _ids["a"], _ids["oldest"], OldId(78), OldId(79), _ids["root"]]),
        ];
        var queries = bothWays.Concat(oneWay).Select(selection => new MessageQuery { Selection = selection }).Concat(bothWays.Select(Backward)).ToList();
        queries.AddRange(queries.Select(query => query with { Bounds = bounds }).ToList());
        queries.AddRange(queries.Select(query => query with { Filters = [new KvFilter(KvRelation.NotEqual, "kind", "x y")] }).ToList());
        return queries;
    }

    /// <summary>
    /// Nine messages, a second apart: <c>root</c> with <c>a</c> (<c>aa</c> with <c>aaa</c>, <c>ab</c>) and <c>b</c> (<c>old</c>) below, a <c>lone</c> one, and two imports with older
    /// ids, <c>old</c> and <c>oldest</c>.
    /// </summary>
    private async Task TellTheStoryAsync()
    {
        await TellAsync("root", new MessageDraft { Channel = Red, Routing = 0b001 });
        await TellAsync("a", new MessageDraft { Channel = Red, Routing = 0b010, Parent = _ids["root"], Kv = [("kind", "x y")] });
        await TellAsync("b", new MessageDraft { Channel = Blue, Routing = 0b011, Parent = _ids["root"] });
        await TellAsync("lone", new MessageDraft());
        await TellAsync("aa", new MessageDraft { Channel = Red, Routing = 0b110, Parent = _ids["a"], Kv = [("other", "x y"), ("kind", "")] });
        await TellAsync("old", new MessageDraft { Channel = Blue, Parent = _ids["b"], Id = OldId(2) });
        await TellAsync("ab", new MessageDraft { Parent = _ids["a"] });
        await TellAsync("oldest", new MessageDraft { Channel = Red, Id = OldId(1) });
        await TellAsync("aaa", new MessageDraft { Routing = (UInt128.One << 127) | 1, Parent = _ids["aa"], Kv = [("kind", "x y")] });
    }

    private async Task TellAsync(string name, MessageDraft draft)
    {
        _ids[name] = (await AppendAsync(draft with { Body = name }))[0].Id;
        Clock.Step(TimeSpan.FromSeconds(1));
    }
}
