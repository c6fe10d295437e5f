using Dymes.Common;
using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Simulation;
using static Dymes.Replication.Tests.GroupTests;

namespace Dymes.Replication.Tests;

/// <summary>A new list of members, with a greater epoch, takes over the logs that it is given.</summary>
public sealed class EpochTests
{
    [Fact]
    public async Task Copies_of_one_members_disk_are_a_group_again_as_it_was_when_they_were_made()
    {
        await using var old = await TestGroup.StartAsync(3, segmentMessages: 10);
        await FillAsync(old, 0, 25);
        await old.StopAsync(1);
        await AppendAsync(old[0], "after the copy");

        await using var restored = await TestGroup.StartAsync(CopiesOf(old.Disks[1], 3), epoch: 2, segmentMessages: 10);
        await FillAsync(restored, 25, 15);
        await AssertWholeAsync(restored, 40);
    }

    [Fact]
    public async Task A_group_grows_by_members_without_a_log()
    {
        await using var old = await TestGroup.StartAsync(3, segmentMessages: 10);
        await FillAsync(old, 0, 25);
        await StopAsync(old);

        await using var grown = await TestGroup.StartAsync([.. old.Disks, new SimulatedFileSystem(), new SimulatedFileSystem()], epoch: 2, segmentMessages: 10);
        await FillAsync(grown, 25, 15);
        await AssertWholeAsync(grown, 40);
    }

    [Fact]
    public async Task A_group_shrinks_and_its_members_may_have_other_numbers()
    {
        await using var old = await TestGroup.StartAsync(5, segmentMessages: 10);
        await FillAsync(old, 0, 25);
        await old.UntilAsync(() => old.Running.All(member => member.Committed.Value == 25));
        await StopAsync(old);

        await using var shrunk = await TestGroup.StartAsync([old.Disks[4], old.Disks[0], old.Disks[2]], epoch: 2, segmentMessages: 10);
        await FillAsync(shrunk, 25, 15);
        await AssertWholeAsync(shrunk, 40);
    }

    [Fact]
    public async Task An_older_list_and_another_number_of_the_same_are_refused()
    {
        await using var old = await TestGroup.StartAsync(3);
        await FillAsync(old, 0, 3);
        await StopAsync(old);
        await AssertRefusedAsync([old.Disks[1], old.Disks[0], old.Disks[2]], epoch: 1);

        await using (var next = await TestGroup.StartAsync(old.Disks, epoch: 2))
        {
            await FillAsync(next, 3, 3);
            await StopAsync(next);
        }

        await AssertRefusedAsync(old.Disks, epoch: 1);
    }

    private static async Task FillAsync(TestGroup group, int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            await AppendAsync(group[number % group.Members.Length], $"{number}");
        }
    }

    private static async Task StopAsync(TestGroup group)
    {
        for (var number = 0; number < group.Members.Length; number++)
        {
            await group.StopAsync(number);
        }
    }

    private static SimulatedFileSystem[] CopiesOf(SimulatedFileSystem disk, int count) => [.. Enumerable.Range(0, count).Select(_ => disk.Crash(CrashMode.LoseUnflushed))];

    private static async Task AssertWholeAsync(TestGroup group, int count)
    {
        await group.UntilAsync(() => group.Running.All(member => member.Committed.Value == (ulong)count));
        foreach (var member in group.Running)
        {
            Assert.Equal(Enumerable.Range(0, count).Select(number => $"{number}"), await member.BodiesAsync(new LogSelection()));
        }
    }

    private static async Task AssertRefusedAsync(SimulatedFileSystem[] disks, uint epoch)
    {
        var refusal = await Assert.ThrowsAsync<DymesException>(() => TestGroup.StartAsync(disks, epoch));
        Assert.Equal(ErrorCode.ForeignFile, refusal.Code);
        Assert.Contains("greater epoch", refusal.Message, StringComparison.Ordinal);
    }
}
