using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Contract;

/// <summary>What an append gives and what it leaves in the log.</summary>
public abstract class AppendContract : MessageLogClaims
{
    [Fact]
    public async Task A_new_log_holds_nothing()
    {
        var status = await Log.GetStatusAsync();
        Assert.Equal((Lsn.First, MessageId.None, LogCondition.Ready), (status.NextLsn, status.LastId, status.Condition));
        Assert.Empty(await Log.ReadAllAsync());
        Assert.Empty(await Log.ListChannelsAsync(null, 10));
    }

    [Fact]
    [Trait("original", "defect 2")]
    public async Task Positions_go_up_from_zero_without_gaps()
    {
        var first = await AppendAsync(new MessageDraft("a"));
        var batch = await AppendAsync(new MessageDraft("b"), new MessageDraft("c"));
        Assert.Equal([0ul, 1ul, 2ul], first.Concat(batch).Select(receipt => receipt.Lsn.Value));
        Assert.Equal(3ul, await CountAsync());
    }

    [Fact]
    public async Task A_stored_message_is_the_frame_that_was_sent_with_position_and_id()
    {
        var draft = new MessageDraft("the body")
        {
            Channel = new ChannelId(702),
            Routing = UInt128.MaxValue - 5,
            Kv = [("type", "OrderPlaced"), ("ключ", "значение"), ("empty", "")],
        };
        var expected = draft.ToFrame();
        var receipt = (await AppendAsync(new MessageDraft("before"), draft))[1];
        FrameStamp.Stamp(expected, receipt.Lsn, receipt.Id);

        var stored = (await Log.ReadAllAsync())[1];
        Assert.Equal(FrameFault.None, MessageFrame.TryRead(stored, out _));
        Assert.Equal(expected, stored);
    }

    [Fact]
    public async Task The_memory_of_a_request_may_be_used_again_after_the_answer()
    {
        var frame = new MessageDraft("precious").ToFrame();
        await RunAsync(new AppendRequest { Frames = frame, Count = 1 });
        frame.AsSpan().Fill(0xEE);
        Assert.Equal(["precious"], await Log.BodiesAsync(new LogSelection()));
    }

    [Fact]
    [Trait("original", "defect 7")]
    public async Task Bodies_of_every_size_and_all_128_bits_come_back()
    {
        var drafts = new[] { 0, 1, 15, 16, 17, 3 * 1024, (3 * 1024) + 1, 100_000 }.Select(size => new MessageDraft
        {
            Bytes = [.. Enumerable.Range(0, size).Select(index => (byte)(index * 31))],
            Channel = new ChannelId(UInt128.MaxValue - (UInt128)size),
            Routing = (UInt128.One << 127) + (UInt128)size,
        }).ToArray();
        await AppendAsync(drafts);

        var stored = await Log.ReadAllAsync();
        Assert.Equal(drafts.Select(draft => draft.Bytes!), stored.Select(frame => Frames.First(frame).Body.ToArray()));
        Assert.Equal(drafts.Select(draft => (draft.Channel, draft.Routing)), stored.Select(frame => (Frames.First(frame).Channel, Frames.First(frame).Routing)));
    }

    [Fact]
    public async Task Two_frames_of_the_largest_size_go_together()
    {
        var draft = new MessageDraft { Bytes = new byte[MessageLimits.FrameBytesMax - MessageLimits.FrameHeaderBytes] };
        var request = MessageDraft.Request(draft, draft);
        Assert.Equal(MessageLimits.RequestBytesMax, request.Frames.Length);
        Assert.All(await OutcomesAsync(request), outcome => Assert.Equal(AppendOutcome.Appended, outcome));
        Assert.All(await Log.ReadAllAsync(), frame => Assert.Equal(MessageLimits.FrameBytesMax, frame.Length));
    }

    [Fact]
    public async Task The_largest_number_of_messages_goes_together_and_one_more_does_not()
    {
        var drafts = Enumerable.Repeat(new MessageDraft("x"), MessageLimits.RequestMessagesMax).ToArray();
        var receipts = await AppendAsync(drafts);
        Assert.Equal(MessageLimits.RequestMessagesMax, receipts.DistinctBy(receipt => receipt.Id).Count());
        Assert.Equal(Enumerable.Range(0, drafts.Length).Select(lsn => (ulong)lsn), receipts.Select(receipt => receipt.Lsn.Value));

        var refusal = await Assert.ThrowsAsync<DymesException>(() => RunAsync(MessageDraft.Request([.. drafts, new MessageDraft()])));
        Assert.Equal(ErrorCode.TooLarge, refusal.Code);
        Assert.Equal((ulong)drafts.Length, await CountAsync());
    }

    [Fact]
    public async Task A_request_without_messages_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<DymesException>(() => RunAsync(MessageDraft.Request()));
        Assert.Equal(ErrorCode.TooLarge, refusal.Code);
    }

    [Fact]
    public async Task An_id_tells_the_time_of_its_append_to_the_millisecond()
    {
        var first = await AppendAsync(new MessageDraft("a"));
        Clock.Step(TimeSpan.FromMilliseconds(1));
        var second = await AppendAsync(new MessageDraft("b"));
        Assert.Equal([Clock.UnixMilliseconds - 1, Clock.UnixMilliseconds], first.Concat(second).Select(receipt => receipt.Id.UnixMilliseconds));
    }

    [Fact]
    [Trait("original", "defect 8")]
    public async Task Ids_grow_while_the_clock_stands_still_or_steps_back()
    {
        var receipts = new List<AppendReceipt>();
        foreach (var step in new[] { 0, 5, 0, -60_000, -1, 0, 120_000 })
        {
            Clock.Step(TimeSpan.FromMilliseconds(step));
            receipts.AddRange(await AppendAsync(new MessageDraft(), new MessageDraft()));
        }

        Assert.All(receipts.Zip(receipts.Skip(1)), pair => Assert.True(pair.First.Id < pair.Second.Id));
        Assert.Equal(receipts.Select(receipt => receipt.Id), (await Log.ReadAllAsync()).Select(LogReading.IdOf));
    }

    [Fact]
    public async Task The_status_tells_the_last_message()
    {
        var receipts = await AppendAsync(new MessageDraft("a"), new MessageDraft("b"));
        var status = await Log.GetStatusAsync();
        Assert.Equal((new Lsn(2), receipts[1].Id, LogCondition.Ready), (status.NextLsn, status.LastId, status.Condition));
        Assert.True(status.StoredBytes > 0);
        Assert.True(status.SegmentCount >= 1);
    }

    [Fact]
    public async Task A_channel_counts_its_messages()
    {
        var left = new ChannelId(1);
        var right = new ChannelId(UInt128.MaxValue);
        var receipts = await AppendAsync(
            new MessageDraft { Channel = left }, new MessageDraft { Channel = right }, new MessageDraft { Channel = left }, new MessageDraft());
        Assert.Equal([1ul, 1ul, 2ul, 1ul], receipts.Select(receipt => receipt.ChannelVersion));

        var again = await AppendAsync(new MessageDraft { Channel = right }, new MessageDraft { Channel = left });
        Assert.Equal([2ul, 3ul], again.Select(receipt => receipt.ChannelVersion));
    }

    [Fact]
    public async Task A_channel_is_summed_up_by_its_ends_and_its_name()
    {
        var receipts = await AppendAsync(
            new MessageDraft { ChannelName = "orders-42" }, new MessageDraft(), new MessageDraft { Channel = ChannelId.OfName("orders-42") });
        var channel = await Log.FindChannelAsync(ChannelId.OfName("orders-42"));
        Assert.Equal(
            new ChannelSummary(ChannelId.OfName("orders-42"), "orders-42", 2, receipts[0].Lsn, receipts[2].Lsn, receipts[0].Id, receipts[2].Id),
            channel);
        Assert.Null((await Log.FindChannelAsync(default))!.Name);
        Assert.Null(await Log.FindChannelAsync(new ChannelId(4711)));
    }

    [Fact]
    public async Task Channels_are_listed_in_order_page_by_page()
    {
        var numbers = new UInt128[] { 300, 5, UInt128.MaxValue, 0, (UInt128)1 << 64, 17 };
        await AppendAsync([.. numbers.Concat(numbers).Select(number => new MessageDraft { Channel = new ChannelId(number) })]);

        var listed = new List<ChannelSummary>();
        IReadOnlyList<ChannelSummary> page;
        ChannelId? after = null;
        do
        {
            page = await Log.ListChannelsAsync(after, 4);
            listed.AddRange(page);
            after = listed[^1].Id;
        }
        while (page.Count == 4);

        Assert.Equal(numbers.Order(), listed.Select(channel => channel.Id.Value));
        Assert.All(listed, channel => Assert.Equal(2ul, channel.Count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task A_list_of_channels_has_a_limit_within_its_range(int limit)
    {
        var refusal = await Assert.ThrowsAsync<DymesException>(async () => await Log.ListChannelsAsync(null, limit));
        Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
    }
}
