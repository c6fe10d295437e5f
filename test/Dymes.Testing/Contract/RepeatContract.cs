using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Contract;

/// <summary>What happens when the same is sent again: ids that clients made, imports, idempotency keys.</summary>
public abstract class RepeatContract : RefusalContract
{
    [Fact]
    public async Task A_message_keeps_the_id_that_its_client_made()
    {
        var receipt = Assert.Single(await AppendAsync(new MessageDraft("mine") { Id = OldId(1) }));
        Assert.Equal(OldId(1), receipt.Id);
        Assert.Equal(["mine"], await Log.BodiesAsync(new IdsSelection([OldId(1)])));
    }

    [Fact]
    public async Task The_same_message_under_the_same_id_is_stored_once_and_answered_alike()
    {
        var draft = new MessageDraft("mine") { Id = OldId(1), Channel = new ChannelId(4), Kv = [("k", "v")] };
        var first = Assert.Single(await AppendAsync(draft));
        await AppendAsync(new MessageDraft("between") { Channel = new ChannelId(4) });
        var again = Assert.Single(await RunAsync(MessageDraft.Request(draft)));
        Assert.Equal(first with { Outcome = AppendOutcome.Replayed }, again);
        Assert.Equal(2ul, await CountAsync());
    }

    [Fact]
    public async Task Another_message_under_a_taken_id_is_refused()
    {
        var draft = new MessageDraft("mine") { Id = OldId(1), Channel = new ChannelId(4), Routing = 1, Kv = [("k", "v")] };
        await AppendAsync(draft, new MessageDraft("parent") { Id = OldId(2) });
        foreach (var other in new[]
        {
            draft with { Body = "other" }, draft with { Channel = new ChannelId(5) }, draft with { Routing = 2 },
            draft with { Kv = [("k", "w")] }, draft with { Kv = [] }, draft with { Parent = OldId(2) },
        })
        {
            var receipt = Assert.Single(await RunAsync(MessageDraft.Request(other)));
            Assert.Equal(new AppendReceipt(AppendOutcome.IdConflict, OldId(1), default, 0), receipt);
        }

        Assert.Equal(2ul, await CountAsync());
    }

    [Fact]
    public async Task An_id_that_the_log_assigned_is_taken_too()
    {
        var assigned = Assert.Single(await AppendAsync(new MessageDraft("a"))).Id;
        Assert.Equal([AppendOutcome.Replayed], await OutcomesAsync(MessageDraft.Request(new MessageDraft("a") { Id = assigned })));
        Assert.Equal([AppendOutcome.IdConflict], await OutcomesAsync(MessageDraft.Request(new MessageDraft("b") { Id = assigned })));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_id_twice_in_one_request_is_stored_once(bool isAtomic)
    {
        var draft = new MessageDraft("a") { Id = OldId(1) };
        var receipts = await RunAsync(isAtomic ? MessageDraft.Atomic(draft, draft) : MessageDraft.Request(draft, draft));
        Assert.Equal([AppendOutcome.Appended, AppendOutcome.Replayed], receipts.Select(receipt => receipt.Outcome));
        Assert.Equal(receipts[0] with { Outcome = AppendOutcome.Replayed }, receipts[1]);
        Assert.Equal(["a"], await Log.BodiesAsync(new LogSelection()));
    }

    [Fact]
    public async Task Two_messages_under_one_id_in_one_request_do_not_go_together()
    {
        var receipts = await RunAsync(MessageDraft.Request(new MessageDraft("a") { Id = OldId(1) }, new MessageDraft("b") { Id = OldId(1) }));
        Assert.Equal([AppendOutcome.Appended, AppendOutcome.IdConflict], receipts.Select(receipt => receipt.Outcome));
    }

    [Fact]
    public async Task A_repeated_id_is_answered_alike_though_its_condition_does_not_hold_any_more()
    {
        var request = When(MessageDraft.Request(new MessageDraft("mine") { Id = OldId(1) }), new VersionCondition(0, 0));
        var first = Assert.Single(await RunAsync(request));
        Assert.Equal(first with { Outcome = AppendOutcome.Replayed }, Assert.Single(await RunAsync(request)));
    }

    [Fact]
    [Trait("original", "defect 8")]
    public async Task An_import_may_be_older_than_everything_stored()
    {
        await AppendAsync(new MessageDraft("new"));
        await ImportAsync(new MessageDraft("old") { Id = OldId(5) }, new MessageDraft("older") { Id = OldId(4) });
        Assert.Equal(["new", "old", "older"], await Log.BodiesAsync(new LogSelection()));
        Assert.Equal(["older", "old", "new"], await Log.BodiesAsync(new TimeSelection()));
    }

    [Fact]
    public async Task An_import_from_the_future_does_not_move_the_ids_that_the_log_assigns()
    {
        await ImportAsync(new MessageDraft { Id = MessageId.Max }, new MessageDraft { Id = MessageId.LastAt(Clock.UnixMilliseconds + 1_000_000) });
        var receipt = Assert.Single(await AppendAsync(new MessageDraft()));
        Assert.Equal(Clock.UnixMilliseconds, receipt.Id.UnixMilliseconds);
    }

    [Fact]
    public async Task An_assigned_id_goes_around_the_ids_that_were_given()
    {
        var assigned = Assert.Single(await AppendAsync(new MessageDraft())).Id;
        var taken = Enumerable.Range(1, 5).Select(step => new MessageId(assigned.Value + (UInt128)step)).ToArray();
        await ImportAsync([.. taken.Select(id => new MessageDraft("given") { Id = id })]);
        var next = await AppendAsync(new MessageDraft("own"), new MessageDraft("own"));
        Assert.All(next, receipt => Assert.DoesNotContain(receipt.Id, taken));
        Assert.Equal(8, (await Log.ReadAllAsync()).DistinctBy(LogReading.IdOf).Count());
    }

    [Fact]
    public async Task A_request_sent_again_under_its_key_is_answered_alike_and_not_run_again()
    {
        var request = MessageDraft.Once("pay-1", new MessageDraft("a") { Channel = new ChannelId(1) }, new MessageDraft("b") { Channel = new ChannelId(1) });
        var first = await RunAsync(request);
        await AppendAsync(new MessageDraft("between") { Channel = new ChannelId(1) });
        var again = await RunAsync(request);
        Assert.All(first, receipt => Assert.Equal(AppendOutcome.Appended, receipt.Outcome));
        Assert.Equal(first.Select(receipt => receipt with { Outcome = AppendOutcome.Replayed }), again);
        Assert.Equal(3ul, await CountAsync());
    }

    [Fact]
    public async Task A_key_with_other_content_is_refused()
    {
        var a = new MessageDraft("a");
        var b = new MessageDraft("b");
        await RunAsync(MessageDraft.Once("key", a, b));
        foreach (var other in new[] { MessageDraft.Once("key", a), MessageDraft.Once("key", b, a), MessageDraft.Once("key", a, a), MessageDraft.Once("key", a, b, b) })
        {
            Assert.All(await RunAsync(other), receipt => Assert.Equal(new AppendReceipt(AppendOutcome.IdempotencyMismatch, default, default, 0), receipt));
        }

        Assert.Equal(2ul, await CountAsync());
    }

    [Fact]
    public async Task Keys_are_told_apart_to_the_letter()
    {
        var keys = new[] { "key", "KEY", "key ", "kéy", new string('k', MessageLimits.IdempotencyKeyBytesMax), "1:key" };
        foreach (var key in keys)
        {
            Assert.Equal([AppendOutcome.Appended], await OutcomesAsync(MessageDraft.Once(key, new MessageDraft("same"))));
        }

        foreach (var key in keys)
        {
            Assert.Equal([AppendOutcome.Replayed], await OutcomesAsync(MessageDraft.Once(key, new MessageDraft("same"))));
        }
    }

    [Fact]
    public async Task A_refused_request_does_not_use_up_its_key()
    {
        var request = MessageDraft.Once("key", new MessageDraft("child") { Parent = OldId(1) });
        Assert.Equal([AppendOutcome.ParentMissing], await OutcomesAsync(request));
        await ImportAsync(new MessageDraft("parent") { Id = OldId(1) });
        Assert.Equal([AppendOutcome.Appended], await OutcomesAsync(request));
    }

    [Fact]
    public async Task A_repeated_key_is_answered_alike_though_its_condition_does_not_hold_any_more()
    {
        var request = When(MessageDraft.Once("key", new MessageDraft("a")), new VersionCondition(0, 0));
        var first = Assert.Single(await RunAsync(request));
        Assert.Equal(first with { Outcome = AppendOutcome.Replayed }, Assert.Single(await RunAsync(request)));
    }

    [Fact]
    public async Task The_same_content_without_a_key_is_another_message()
    {
        var receipts = await AppendAsync(new MessageDraft("same"), new MessageDraft("same"));
        Assert.NotEqual(receipts[0].Id, receipts[1].Id);
        Assert.Equal(2ul, await CountAsync());
    }

    [Fact]
    public async Task A_key_goes_with_one_message_or_an_atomic_batch_and_is_not_empty_or_too_long()
    {
        var marked = MessageDraft.Once("key", new MessageDraft(), new MessageDraft());
        var torn = new AppendRequest { Frames = marked.Frames, Count = marked.Count, IdempotencyKey = "key" };
        var requests = new[]
        {
            torn,
            MessageDraft.Once("", new MessageDraft()),
            MessageDraft.Once(new string('k', MessageLimits.IdempotencyKeyBytesMax + 1), new MessageDraft()),
        };
        foreach (var request in requests)
        {
            var refusal = await Assert.ThrowsAsync<DymesException>(() => RunAsync(request));
            Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
        }

        Assert.Equal(0ul, await CountAsync());
    }
}
