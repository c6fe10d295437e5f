using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Simulation;
using Dymes.Vsr;
using static Dymes.Replication.Tests.GroupTests;

namespace Dymes.Replication.Tests;

public sealed class RestartTests
{
    [Theory]
    [InlineData(CrashMode.LoseUnflushed)]
    [InlineData(CrashMode.Tear)]
    public async Task What_was_acknowledged_outlives_a_power_cut_of_all(CrashMode mode)
    {
        await using var group = await TestGroup.StartAsync(3, segmentMessages: 10);
        for (var round = 0; round < 4; round++)
        {
            for (var number = 0; number < 25; number++)
            {
                await AppendAsync(group[number % 3], $"{round} {number}");
            }

            for (var number = 0; number < 3; number++)
            {
                await group.CrashAsync(number, mode, round);
            }

            for (var number = 0; number < 3; number++)
            {
                group.Start(number);
            }
        }

        await group.UntilAsync(() => group.Running.All(member => member.Committed.Value == 100));
        var logs = await Task.WhenAll(group.Running.Select(member => member.ReadAllAsync()));
        Assert.All(logs, log => Assert.Equal(logs[0], log));
        Assert.Equal(Enumerable.Range(0, 4).SelectMany(round => Enumerable.Range(0, 25).Select(number => $"{round} {number}")), await group[0].BodiesAsync(new LogSelection()));
    }

    [Fact]
    public async Task A_member_whose_disk_was_lost_gets_everything_from_the_others()
    {
        await using var group = await TestGroup.StartAsync(3, segmentMessages: 10);
        for (var lost = 0; lost < 3; lost++)
        {
            for (var number = 0; number < 25; number++)
            {
                await AppendAsync(group[number % 3], $"{lost} {number}");
            }

            await group.StopAsync(lost);
            group.Disks[lost] = new SimulatedFileSystem();
            group.Start(lost);
            await group.UntilAsync(() => group.Members[lost]!.Report.Status == ReplicaStatus.Normal && group.Members[lost]!.Committed.Value == (ulong)(lost + 1) * 25);
        }

        Assert.Equal(await group[0].ReadAllAsync(), await group[2].ReadAllAsync());
    }

    [Fact]
    public async Task Appends_go_on_while_members_go_down_and_come_up_one_after_the_other()
    {
        await using var group = await TestGroup.StartAsync(3, segmentMessages: 20);
        using var stop = new CancellationTokenSource();
        var acknowledged = new List<string>();
        var writer = Task.Run(async () =>
        {
            for (var number = 0; !stop.IsCancellationRequested; number++)
            {
                if (await TryAppendAsync(group, number))
                {
                    acknowledged.Add($"{number}");
                }
            }
        });

        for (var round = 0; round < 9; round++)
        {
            var before = acknowledged.Count;
            await group.CrashAsync(round % 3, round % 2 == 0 ? CrashMode.LoseUnflushed : CrashMode.Tear, round);
            await group.UntilAsync(() => acknowledged.Count > before + 5 || writer.IsCompleted);
            group.Start(round % 3);
            await group.UntilAsync(() => group.Running.All(member => member.Report.Status == ReplicaStatus.Normal) || writer.IsCompleted);
        }

        await stop.CancelAsync();
        await writer;
        var last = await AppendAsync(group[0], "last");
        await group.UntilAsync(() => group.Running.All(member => member.Committed > last.Lsn));
        var bodies = await group[0].BodiesAsync(new LogSelection());
        Assert.All(acknowledged, body => Assert.Single(bodies, body));
        Assert.All(await Task.WhenAll(group.Running.Select(member => member.ReadAllAsync())), log => Assert.Equal(bodies, log.Select(LogReading.BodyOf)));
    }

    [Fact]
    public async Task A_damaged_entry_is_mended_from_another_member()
    {
        await using var group = await TestGroup.StartAsync(3, segmentMessages: 1000);
        for (var number = 0; number < 40; number++)
        {
            await AppendAsync(group[0], $"{number} {new string('x', 500)}");
        }

        await group.UntilAsync(() => group.Running.All(member => member.Committed.Value == 40));
        var whole = await group[1].ReadAllAsync();
        await group.StopAsync(1);
        var path = group.Disks[1].Paths.Single(path => path.EndsWith(".msg", StringComparison.Ordinal));
        group.Disks[1].FlipBit(path, 8 * 6000);
        group.Start(1);

        await group.UntilAsync(() => group.Members[1]!.Report.Status == ReplicaStatus.Normal && group.Members[1]!.Committed.Value == 40);
        await group.UntilAsync(() => CanBeRead(group[1]));
        Assert.Equal(whole, await group[1].ReadAllAsync());
        await group.UntilAsync(() => group[1].Report.Upkeep is { RepairsAsked: > 0, RepairsMended: 1, RepairsWaiting: 0 });
    }

    // Until the entry is mended, whoever reads it is told that it is damaged.
    private static bool CanBeRead(ReplicatedLog member)
    {
        var reading = member.ReadAllAsync();
        ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
        return reading.IsCompletedSuccessfully;
    }

    private static async Task<bool> TryAppendAsync(TestGroup group, int number)
    {
        try
        {
            var member = group.Members[number % 3] ?? group.Running.First();
            await AppendAsync(member, $"{number}");
            return true;
        }
        catch (Common.DymesException)
        {
            return false;
        }
    }
}
