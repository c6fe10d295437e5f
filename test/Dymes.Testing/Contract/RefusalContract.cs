using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Contract;

/// <summary>Which messages are refused, and what that does to the others of the request.</summary>
public abstract class RefusalContract : AppendContract
{
    private static readonly ChannelId Orders = new(42);

    [Fact]
    public async Task A_message_whose_parent_is_missing_is_refused()
    {
        var receipt = Assert.Single(await RunAsync(MessageDraft.Request(new MessageDraft { Parent = OldId(1) })));
        Assert.Equal(new AppendReceipt(AppendOutcome.ParentMissing, default, default, 0), receipt);
        Assert.Equal(0ul, await CountAsync());
    }

    [Fact]
    public async Task A_message_may_follow_from_an_earlier_one_of_its_request()
    {
        await AppendAsync(new MessageDraft("parent") { Id = OldId(1) }, new MessageDraft("child") { Parent = OldId(1) });
        var child = (await Log.ReadAllAsync())[1];
        Assert.Equal(OldId(1), Frames.First(child).CorrelationId);
    }

    [Fact]
    public async Task A_message_may_not_follow_from_itself_or_a_later_one_of_its_request()
    {
        var outcomes = await OutcomesAsync(MessageDraft.Request(
            new MessageDraft { Id = OldId(1), Parent = OldId(1) },
            new MessageDraft { Parent = OldId(2) },
            new MessageDraft { Id = OldId(2) }));
        Assert.Equal([AppendOutcome.ParentMissing, AppendOutcome.ParentMissing, AppendOutcome.Appended], outcomes);
    }

    [Fact]
    public async Task A_child_of_a_refused_message_is_refused_too()
    {
        var outcomes = await OutcomesAsync(MessageDraft.Request(
            new MessageDraft { Id = OldId(1), Parent = OldId(99) }, new MessageDraft { Parent = OldId(1) }));
        Assert.Equal([AppendOutcome.ParentMissing, AppendOutcome.ParentMissing], outcomes);
    }

    [Fact]
    public async Task An_import_may_name_a_parent_that_is_missing()
    {
        await ImportAsync(new MessageDraft("child") { Id = OldId(2), Parent = OldId(1) });
        await ImportAsync(new MessageDraft("parent") { Id = OldId(1) });
        Assert.Equal(["child", "parent"], await Log.BodiesAsync(new AncestorsSelection(OldId(2))));
    }

    [Fact]
    public async Task A_version_condition_that_holds_lets_the_message_in()
    {
        await AppendAsync(new MessageDraft { Channel = Orders });
        var receipt = Assert.Single(await RunAsync(When(MessageDraft.Request(new MessageDraft { Channel = Orders }), new VersionCondition(0, 1))));
        Assert.Equal((AppendOutcome.Appended, 2ul), (receipt.Outcome, receipt.ChannelVersion));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(ulong.MaxValue)]
    public async Task A_version_condition_that_does_not_hold_tells_the_version_there_is(ulong expected)
    {
        await AppendAsync(new MessageDraft { Channel = Orders }, new MessageDraft());
        var receipt = Assert.Single(await RunAsync(When(MessageDraft.Request(new MessageDraft { Channel = Orders }), new VersionCondition(0, expected))));
        Assert.Equal(new AppendReceipt(AppendOutcome.VersionMismatch, default, default, 1), receipt);
        Assert.Equal(2ul, await CountAsync());
    }

    [Fact]
    public async Task A_version_condition_counts_the_messages_before_it_in_its_request_that_were_taken()
    {
        var request = MessageDraft.Request(
            new MessageDraft("in") { Channel = Orders },
            new MessageDraft("out") { Channel = Orders, Parent = OldId(9) },
            new MessageDraft("in") { Channel = Orders },
            new MessageDraft("out") { Channel = Orders });
        var receipts = await RunAsync(When(request, new VersionCondition(0, 0), new VersionCondition(2, 1), new VersionCondition(3, 3)));
        Assert.Equal(
            [AppendOutcome.Appended, AppendOutcome.ParentMissing, AppendOutcome.Appended, AppendOutcome.VersionMismatch],
            receipts.Select(receipt => receipt.Outcome));
        Assert.Equal(2ul, receipts[3].ChannelVersion);
        Assert.Equal(["in", "in"], await Log.BodiesAsync(new LogSelection()));
    }

    [Fact]
    public async Task One_atomic_request_may_have_conditions_on_several_channels()
    {
        await AppendAsync(new MessageDraft { Channel = Orders });
        var request = MessageDraft.Atomic(new MessageDraft { Channel = Orders }, new MessageDraft { Channel = new ChannelId(43) });
        Assert.Equal([AppendOutcome.VersionMismatch, AppendOutcome.Aborted], await OutcomesAsync(When(request, new(0, 7), new(1, 0))));
        Assert.Equal([AppendOutcome.Aborted, AppendOutcome.VersionMismatch], await OutcomesAsync(When(request, new(0, 1), new(1, 1))));
        Assert.Equal([AppendOutcome.Appended, AppendOutcome.Appended], await OutcomesAsync(When(request, new(0, 1), new(1, 0))));
        Assert.Equal(3ul, await CountAsync());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, -1)]
    [InlineData(0, 2)]
    public async Task Conditions_that_are_out_of_order_or_name_no_message_are_refused(int first, int second)
    {
        var request = When(MessageDraft.Request(new MessageDraft(), new MessageDraft()), new VersionCondition(first, 0), new VersionCondition(second, 0));
        var refusal = await Assert.ThrowsAsync<DymesException>(() => RunAsync(request));
        Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
        Assert.Equal(0ul, await CountAsync());
    }

    [Theory]
    [InlineData(AppendOutcome.ParentMissing)]
    [InlineData(AppendOutcome.IdConflict)]
    [InlineData(AppendOutcome.VersionMismatch)]
    public async Task A_refused_message_takes_its_atomic_request_down_and_leaves_no_trace(AppendOutcome reason)
    {
        await AppendAsync(new MessageDraft("there") { Id = OldId(1), Channel = Orders });
        var before = await Log.GetStatusAsync();
        var offender = new MessageDraft("offender")
        {
            Id = reason == AppendOutcome.IdConflict ? OldId(1) : OldId(2),
            Parent = reason == AppendOutcome.ParentMissing ? OldId(99) : default,
        };
        VersionCondition[] conditions = reason == AppendOutcome.VersionMismatch ? [new VersionCondition(1, 5)] : [];
        var first = new MessageDraft("first") { Id = OldId(3), Channel = Orders };
        var receipts = await RunAsync(When(MessageDraft.Atomic(first, offender, new MessageDraft("last")), conditions));

        Assert.Equal([AppendOutcome.Aborted, reason, AppendOutcome.Aborted], receipts.Select(receipt => receipt.Outcome));
        Assert.Equal([OldId(3), offender.Id, MessageId.None], receipts.Select(receipt => receipt.Id));
        var after = await Log.GetStatusAsync();
        Assert.Equal((before.NextLsn, before.LastId), (after.NextLsn, after.LastId));
        Assert.Empty(await Log.BodiesAsync(new IdsSelection([OldId(3)])));
        Assert.Equal(1ul, (await Log.FindChannelAsync(Orders))!.Count);

        var retry = Assert.Single(await AppendAsync(first with { Body = "first, otherwise" }));
        Assert.Equal((new Lsn(1), 2ul), (retry.Lsn, retry.ChannelVersion));
    }

    [Fact]
    public async Task Without_atomicity_each_message_stands_for_itself()
    {
        var receipts = await RunAsync(MessageDraft.Request(
            new MessageDraft("a"), new MessageDraft("bad") { Parent = OldId(99) }, new MessageDraft("b")));
        Assert.Equal([AppendOutcome.Appended, AppendOutcome.ParentMissing, AppendOutcome.Appended], receipts.Select(receipt => receipt.Outcome));
        Assert.Equal([0ul, 1ul], [receipts[0].Lsn.Value, receipts[2].Lsn.Value]);
        Assert.Equal(["a", "b"], await Log.BodiesAsync(new LogSelection()));
    }

    [Fact]
    public async Task Conditions_of_later_requests_see_earlier_ones()
    {
        for (ulong version = 0; version < 20; version++)
        {
            var request = When(MessageDraft.Request(new MessageDraft { Channel = Orders }), new VersionCondition(0, version));
            Assert.Equal([AppendOutcome.Appended], await OutcomesAsync(request));
            Assert.Equal([AppendOutcome.VersionMismatch], await OutcomesAsync(request));
        }
    }
}
