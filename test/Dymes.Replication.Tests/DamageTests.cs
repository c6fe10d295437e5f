using System.Text;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Simulation;
using Dymes.Vsr;
using static Dymes.Replication.Tests.GroupTests;

namespace Dymes.Replication.Tests;

public sealed class DamageTests
{
    private const int Member = 1;
    private static readonly ChannelId Other = new(7);

    [Theory]
    [InlineData(30)] // the newest entries are in memory still
    [InlineData(1200)]
    public async Task A_reader_that_meets_damage_gets_the_message_all_the_same(int count)
    {
        await using var group = await StartAsync(count);
        var whole = await group[0].ReadAllAsync();
        Damage(group, "message 7.");
        Damage(group, "message 13.");

        Assert.Equal(whole, await group[Member].ReadAllAsync());
        await group.UntilAsync(() => group[Member].Report.Upkeep.RepairsMended == 2);
    }

    [Fact]
    public async Task A_subscription_goes_over_damage()
    {
        await using var group = await StartAsync(1200);
        Damage(group, "message 7.");

        var seen = 0;
        await foreach (var page in group[Member].SubscribeAsync(new MessageQuery { Limit = 1200 }))
        {
            seen += page.Count;
        }

        Assert.Equal(1200, seen);
    }

    [Fact]
    public async Task A_reader_of_damage_that_nobody_can_mend_now_is_told_and_gets_the_message_later()
    {
        await using var group = await StartAsync(1200);
        var whole = await group[0].ReadAllAsync();
        group.Network.Isolate(Member);
        Damage(group, "message 7.");

        var refusal = await Assert.ThrowsAsync<DymesException>(() => group[Member].ReadAllAsync());
        Assert.Equal((ErrorCode.StorageDamaged, new Lsn(7)), (refusal.Code, refusal.Lsn));

        group.Network.Heal();
        await group.UntilAsync(() => group[Member].Report.Upkeep.RepairsMended == 1);
        Assert.Equal(whole, await group[Member].ReadAllAsync());
    }

    [Fact]
    public async Task Damage_that_nobody_reads_is_mended_all_the_same()
    {
        await using var group = await StartAsync(100, scrubs: true);
        await group.UntilAsync(() => group.Disks[Member].Paths.Count(path => path.EndsWith(".idx", StringComparison.Ordinal)) >= 9);
        var whole = Files(group);
        Assert.Equal(0, group[Member].Progress.DamageFound);
        for (var number = 3; number < 90; number += 4)
        {
            Damage(group, $"message {number}.");
        }

        foreach (var index in whole.Keys.Where(path => path.EndsWith(".idx", StringComparison.Ordinal)))
        {
            group.Disks[Member].FlipBit(index, 8 * (whole[index].Length / 2));
        }

        await group.UntilAsync(() => group[Member].Report.Upkeep.RepairsMended == 22 && Files(group).All(file => file.Value.AsSpan().SequenceEqual(whole[file.Key])));
        await group.UntilAsync(() => group[Member].Progress is { ScrubPercent: 100, DamageFound: >= 22 });
    }

    [Fact]
    public async Task Where_both_files_of_a_segment_are_damaged_the_entries_come_from_the_others_and_the_index_after_them()
    {
        await using var group = await StartAsync(100, scrubs: true);
        await group.UntilAsync(() => group.Disks[Member].Paths.Count(path => path.EndsWith(".idx", StringComparison.Ordinal)) >= 9);
        var whole = Files(group);
        Damage(group, "message 13.", before: MessageLimits.FrameHeaderBytes / 2); // nobody here knows its id any more
        Damage(group, "message 17.", before: MessageLimits.FrameHeaderBytes / 2);
        Damage(group, "message 19.");
        foreach (var index in whole.Keys.Where(path => path.EndsWith(".idx", StringComparison.Ordinal)))
        {
            group.Disks[Member].FlipBit(index, 8 * (whole[index].Length / 2));
        }

        await group.UntilAsync(() => group[Member].Report.Upkeep.RepairsMended == 3 && Files(group).All(file => file.Value.AsSpan().SequenceEqual(whole[file.Key])));
    }

    [Fact]
    public async Task Whatever_is_asked_of_segments_whose_both_files_are_damaged_nothing_is_left_out()
    {
        await using var group = await StartAsync(100);
        await group.UntilAsync(() => group.Disks[Member].Paths.Count(path => path.EndsWith(".idx", StringComparison.Ordinal)) >= 9);
        MessageQuery[] questions =
        [
            new() { Selection = new IdsSelection([.. (await group[0].ReadAllAsync()).Select(frame => Frames.First(frame).Id)]) },
            new() { Selection = new TimeSelection() },
            new() { Selection = new TimeSelection(), Order = QueryOrder.Descending },
            new() { Selection = new ChannelSelection(default) },
            new() { Selection = new ChannelSelection(default), Order = QueryOrder.Descending },
        ];
        foreach (var question in questions)
        {
            var answer = await group[0].ReadAsync(question);
            Assert.Equal(answer, await group[Member].ReadAsync(question)); // all blocks are checked now
            DamageAll(group, Member);

            Assert.Equal(Lsns(answer), Lsns(await group[Member].ReadAsync(question)));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Appends_go_on_where_a_member_cannot_look_up_their_channel_and_all_members_stay(bool isPrimary)
    {
        await using var group = await StartAsync(95);
        var member = isPrimary ? group.Primary : (group.Primary + 1) % 3;
        await UntilSealedAsync(group, member, 9);
        await group[0].AppendAsync(MessageDraft.Request(Enumerable.Range(0, 10).Select(_ => new MessageDraft { Channel = Other }).ToArray())); // the segments behind have nothing of the other channel
        DamageAll(group, member);

        var receipts = new List<AppendReceipt>();
        for (var number = 0; number < 25; number++)
        {
            receipts.Add(await AppendAsync(group[number % 3], $"after {number}."));
        }

        Assert.Equal(Enumerable.Range(96, 25).Select(version => (AppendOutcome.Appended, (ulong)version)), receipts.Select(receipt => (receipt.Outcome, receipt.ChannelVersion)));
        await group.UntilAsync(() => group.Running.All(each => each.Report is { Status: ReplicaStatus.Normal, Lag: 0 } && each.Committed.Value == 130));
        Assert.Equal(await group[(member + 1) % 3].ReadAllAsync(), await group[member].ReadAllAsync());
        Assert.Equal(120ul, (await group[member].FindChannelAsync(default))!.Count);
    }

    [Fact]
    public async Task An_append_that_must_be_compared_with_a_damaged_message_gets_the_answer_of_the_first_one()
    {
        await using var group = await StartAsync(95);
        var member = group.Primary;
        await UntilSealedAsync(group, member, 9);
        var known = Frames.First((await group[0].ReadAllAsync())[12]);
        var again = new MessageDraft("message 12.") { Id = known.Id };
        Damage(group, "message 12.", member: member);

        Assert.Equal((AppendOutcome.Replayed, known.Lsn), (await group[0].AppendAsync(MessageDraft.Request(again))).First is var receipt ? (receipt.Outcome, receipt.Lsn) : default);
        DamageAll(group, member);
        Assert.Equal((AppendOutcome.Replayed, 13ul), (await group[0].AppendAsync(MessageDraft.Request(again))).First is var second ? (second.Outcome, second.ChannelVersion) : default);
        Assert.All(group.Running, each => Assert.Equal(ReplicaStatus.Normal, each.Report.Status));
    }

    [Fact]
    public async Task Who_asks_for_channels_waits_until_they_are_mended()
    {
        await using var group = await StartAsync(95);
        await UntilSealedAsync(group, Member, 9);
        var (channel, channels) = (await group[0].FindChannelAsync(default), await group[0].ListChannelsAsync(null, 10));
        DamageAll(group, Member);
        Assert.Equal(channel, await group[Member].FindChannelAsync(default));
        DamageAll(group, Member);
        Assert.Equal(channels, await group[Member].ListChannelsAsync(null, 10));
        DamageAll(group, Member);
        Assert.Equal(Enumerable.Range(0, 95), (await group[Member].Index.ChannelPositionsAsync(default, default, new Lsn(94), 100)).Select(lsn => (int)lsn.Value));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_member_that_must_know_a_damaged_entry_to_begin_gets_the_log_from_there_on_from_the_others(bool isLastCommitted)
    {
        await using var group = await StartAsync(45);
        var whole = await group[0].ReadAllAsync();
        await group.CrashAsync(Member, CrashMode.KeepUnflushed); // its sessions were never stored
        var disk = group.Disks[Member];
        if (isLastCommitted)
        {
            disk.Delete(disk.Paths.Last(path => path.EndsWith(".msg", StringComparison.Ordinal)));
        }

        var damaged = isLastCommitted ? 39 : 12;
        Damage(group, $"message {damaged}.", before: MessageLimits.FrameHeaderBytes + EntryLimits.HeaderBytes / 2);
        group.Start(Member);

        await group.UntilAsync(() => group[Member].Report is { Status: ReplicaStatus.Normal, Lag: 0 } && group[Member].Committed == group[0].Committed);
        Assert.Equal(whole, await group[Member].ReadAllAsync());
        Assert.Contains(disk.Paths, path => path.EndsWith(".msg.damaged", StringComparison.Ordinal));
        await AppendAsync(group[Member], "after");

        await group.StopAsync(Member);
        group.Start(Member);
        await group.UntilAsync(() => group[Member].Report.Status == ReplicaStatus.Normal && group[Member].Committed.Value == 46);
        Assert.Equal(46, (await group[Member].ReadAllAsync()).Count);
    }

    private static IEnumerable<ulong> Lsns(IEnumerable<byte[]> frames) => frames.Select(frame => Frames.First(frame).Lsn.Value);

    private static Dictionary<string, byte[]> Files(TestGroup group) =>
        group.Disks[Member].Paths.Where(path => path.EndsWith(".msg", StringComparison.Ordinal) || path.EndsWith(".idx", StringComparison.Ordinal)).ToDictionary(path => path, group.Disks[Member].ReadAll);

    private static async Task<TestGroup> StartAsync(int count, bool scrubs = false)
    {
        var group = await TestGroup.StartAsync(3, segmentMessages: 10, scrubs: scrubs);
        for (var number = 0; number < count; number++)
        {
            await AppendAsync(group[0], $"message {number}.");
        }

        await group.UntilAsync(() => group.Running.All(member => member.Committed.Value == (ulong)count));
        return group;
    }

    private static Task UntilSealedAsync(TestGroup group, int member, int count) =>
        group.UntilAsync(() => group.Disks[member].Paths.Count(path => path.EndsWith(".idx", StringComparison.Ordinal)) >= count);

    // Some messages of each sealed segment, so that nobody here knows their ids, and all of its index.
    private static void DamageAll(TestGroup group, int member)
    {
        for (var number = 3; number < 90; number += 7)
        {
            Damage(group, $"message {number}.", before: MessageLimits.FrameHeaderBytes / 2, member);
        }

        var disk = group.Disks[member];
        foreach (var index in disk.Paths.Where(path => path.EndsWith(".idx", StringComparison.Ordinal)))
        {
            for (var bit = 8 * 600L; bit < 8 * (disk.ReadAll(index).Length - 80); bit += 8 * 37)
            {
                disk.FlipBit(index, bit);
            }
        }
    }

    private static void Damage(TestGroup group, string body, int before = 0, int member = Member)
    {
        var disk = group.Disks[member];
        var text = Encoding.UTF8.GetBytes(body);
        var (path, place) = disk.Paths.Where(path => path.EndsWith(".msg", StringComparison.Ordinal))
            .Select(path => (path, disk.ReadAll(path).AsSpan().IndexOf(text)))
            .Single(found => found.Item2 >= 0);
        disk.FlipBit(path, 8L * (place - before));
    }
}
