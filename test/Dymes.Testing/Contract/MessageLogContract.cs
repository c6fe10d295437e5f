using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Contract;

/// <summary>
/// The contract of <see cref="IMessageLog"/>, written once. A test project derives one class from this one for each implementation and says how to open an empty log. The claims
/// are in several files, each class deriving from the one before, so that a claim added anywhere reaches every implementation. Here: many at once.
/// </summary>
public abstract class MessageLogContract : SubscriptionContract
{
    private const int Writers = 8;
    private const int AppendsEach = 25;

    [Fact]
    public async Task Many_writers_at_once_get_positions_without_gaps_and_ids_that_grow_with_them()
    {
        var receipts = (await WriteAsync(Writers, AppendsEach)).SelectMany(byWriter => byWriter).OrderBy(receipt => receipt.Lsn).ToArray();
        Assert.Equal(Enumerable.Range(0, receipts.Length).Select(lsn => (ulong)lsn), receipts.Select(receipt => receipt.Lsn.Value));
        Assert.All(receipts.Zip(receipts.Skip(1)), pair => Assert.True(pair.First.Id < pair.Second.Id));
        Assert.Equal(
            receipts.Select(receipt => (receipt.Lsn, receipt.Id)),
            (await Log.ReadAllAsync()).Select(frame => (LogReading.LsnOf(frame), LogReading.IdOf(frame))));
    }

    [Fact]
    public async Task An_append_that_was_answered_lies_before_every_append_that_starts_later()
    {
        foreach (var receipts in await WriteAsync(Writers, AppendsEach))
        {
            Assert.All(receipts.Zip(receipts.Skip(1)), pair => Assert.True(pair.First.Lsn < pair.Second.Lsn));
        }
    }

    [Fact]
    public async Task An_append_that_was_answered_is_seen_by_every_query_that_starts_later()
    {
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var number = 0; number < 10; number++)
            {
                var channel = new ChannelId((UInt128)writer);
                var receipt = (await AppendAsync(new MessageDraft($"{number}") { Channel = channel }))[0];
                Assert.Equal([$"{number}"], await Log.BodiesAsync(new IdsSelection([receipt.Id])));
                Assert.Equal(number + 1, (await Log.BodiesAsync(new ChannelSelection(channel))).Count);
                Assert.Equal((ulong)number + 1, (await Log.FindChannelAsync(channel))!.Count);
                Assert.True((await Log.GetStatusAsync()).NextLsn > receipt.Lsn);
            }
        })));
    }

    [Fact]
    public async Task Of_writers_with_the_same_condition_one_wins()
    {
        for (ulong version = 0; version < 10; version++)
        {
            var expected = version;
            var outcomes = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
                OutcomesAsync(When(MessageDraft.Request(new MessageDraft($"{writer}")), new VersionCondition(0, expected))))));
            Assert.Single(outcomes, outcome => outcome[0] == AppendOutcome.Appended);
            Assert.Equal(Writers - 1, outcomes.Count(outcome => outcome[0] == AppendOutcome.VersionMismatch));
        }
    }

    [Fact]
    public async Task Of_writers_with_the_same_key_one_appends_and_all_get_the_same_receipt()
    {
        for (var key = 0; key < 10; key++)
        {
            var request = MessageDraft.Once($"key {key}", new MessageDraft("same"));
            var receipts = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() => RunAsync(request))));
            Assert.Single(receipts, receipt => receipt[0].Outcome == AppendOutcome.Appended);
            Assert.Single(receipts.Select(receipt => receipt[0] with { Outcome = AppendOutcome.Appended }).Distinct());
        }

        Assert.Equal(10ul, await CountAsync());
    }

    [Fact]
    public async Task An_atomic_batch_lies_together_whoever_writes_beside_it()
    {
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var number = 0; number < 10; number++)
            {
                await RunAsync(MessageDraft.Atomic([.. Enumerable.Repeat(new MessageDraft($"{writer}.{number}"), 5)]));
            }
        })));
        Assert.All((await Log.BodiesAsync(new LogSelection())).Chunk(5), batch => Assert.Single(batch.Distinct()));
    }

    [Fact]
    public async Task A_subscriber_that_starts_amid_appends_sees_each_position_once_and_in_order()
    {
        var writing = WriteAsync(4, 50);
        await using var whole = LogFollower.Start(Log, new MessageQuery());
        await whole.TakeAsync(20);
        await using var channel = LogFollower.Start(Log, new MessageQuery { Selection = new ChannelSelection(new ChannelId(1)) });
        await using var late = LogFollower.Start(Log, new MessageQuery());
        var receipts = await writing;

        Assert.Equal(Enumerable.Range(20, 180).Select(lsn => (ulong)lsn), (await whole.TakeAsync(180)).Select(frame => LogReading.LsnOf(frame).Value));
        Assert.Equal(Enumerable.Range(0, 200).Select(lsn => (ulong)lsn), (await late.TakeAsync(200)).Select(frame => LogReading.LsnOf(frame).Value));
        Assert.Equal(receipts[1].Select(receipt => receipt.Lsn), (await channel.TakeAsync(50)).Select(LogReading.LsnOf));
    }

    [Fact]
    public async Task A_query_amid_appends_gives_a_log_without_gaps()
    {
        var writing = WriteAsync(4, 50);
        var seen = 0;
        while (!writing.IsCompleted)
        {
            var frames = await Log.ReadAllAsync();
            Assert.Equal(Enumerable.Range(0, frames.Count).Select(lsn => (ulong)lsn), frames.Select(frame => LogReading.LsnOf(frame).Value));
            Assert.True(frames.Count >= seen, "a later query sees no less");
            seen = frames.Count;
        }

        await writing;
        Assert.Equal(200, (await Log.ReadAllAsync()).Count);
    }

    // Each writer has a channel of its own, and waits for each answer.
    private async Task<AppendReceipt[][]> WriteAsync(int writers, int appends) =>
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var receipts = new AppendReceipt[appends];
            for (var number = 0; number < appends; number++)
            {
                receipts[number] = (await AppendAsync(new MessageDraft($"{writer}.{number}") { Channel = new ChannelId((UInt128)writer) }))[0];
                Assert.Equal((ulong)number + 1, receipts[number].ChannelVersion);
            }

            return receipts;
        })));
}
