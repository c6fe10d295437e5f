using System.Collections.Concurrent;
using Dymes.Common;
using Dymes.Message.Log;
using Dymes.Testing;
using static Dymes.Replication.Tests.GroupTests;

namespace Dymes.Replication.Tests;

public sealed class DiskFullTests
{
    private const long Reserve = 16 << 20;

    [Fact]
    public async Task What_no_majority_has_room_for_is_refused_as_disk_full_through_every_member_until_there_is_room()
    {
        await using var group = await TestGroup.StartAsync(3, reserveBytes: Reserve);
        await AppendAsync(group[0], "before");
        Fill(group, 0, 1, 2);
        await UntilRefusedAsync(group);

        for (var number = 0; number < 3; number++)
        {
            var refusal = await Assert.ThrowsAsync<DymesException>(() => AppendAsync(group[number], "refused"));
            Assert.Equal(ErrorCode.DiskFull, refusal.Code);
        }

        Assert.All(group.Disks, disk => disk.CapacityBytes = 1L << 40);
        await group.UntilAsync(() => group.Running.All(member => !member.Report.IsDiskFull));
        await UntilTakenAsync(group[1], "after");
        var bodies = await group[1].BodiesAsync(new LogSelection());
        Assert.Equal(["before", "after"], bodies.Where(body => body != "filler"));
    }

    [Fact]
    public async Task A_primary_with_room_refuses_what_its_backups_have_no_room_for()
    {
        await using var group = await TestGroup.StartAsync(3, reserveBytes: Reserve);
        var primary = group.Primary;
        Fill(group, (primary + 1) % 3, (primary + 2) % 3);
        await UntilRefusedAsync(group);

        Assert.False(group[primary].Report.IsDiskFull);
        var refusal = await Assert.ThrowsAsync<DymesException>(() => AppendAsync(group[primary], "refused"));
        Assert.Equal(ErrorCode.DiskFull, refusal.Code);
    }

    [Fact]
    public async Task A_primary_without_room_lets_one_with_room_lead_and_no_append_fails()
    {
        await using var group = await TestGroup.StartAsync(3, reserveBytes: Reserve);
        var full = group.Primary;
        Fill(group, full);
        await group.UntilAsync(() => group[full].Report.IsDiskFull);

        for (var number = 0; number < 30; number++)
        {
            await AppendAsync(group[number % 3], $"{number}");
        }

        await group.UntilAsync(() => group.Primary >= 0 && group.Primary != full);
    }

    [Fact]
    public async Task While_disks_fill_under_load_each_append_is_acknowledged_or_refused_as_disk_full()
    {
        await using var group = await TestGroup.StartAsync(3, reserveBytes: Reserve);
        var acknowledged = new ConcurrentBag<string>();
        var refused = new ConcurrentBag<string>();
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 12).Select(writer => Task.Run(async () =>
        {
            for (var number = 0; !stop.IsCancellationRequested; number++)
            {
                var body = $"{writer} {number}";
                (await TryAppendAsync(group[writer % 3], body) ? acknowledged : refused).Add(body);
            }
        })).ToArray();

        for (var round = 0; round < 3; round++)
        {
            var (taken, full) = (acknowledged.Count, refused.Count);
            await group.UntilAsync(() => acknowledged.Count > taken + 100 || Array.Exists(writers, writer => writer.IsFaulted));
            Fill(group, 0, 1, 2);
            await group.UntilAsync(() => refused.Count > full + 100 || Array.Exists(writers, writer => writer.IsFaulted));
            Assert.All(group.Disks, disk => disk.CapacityBytes = 1L << 40);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
        var bodies = await group[group.Primary].BodiesAsync(new LogSelection());
        Assert.Equal(acknowledged.Order(), bodies.Order());
    }

    // Less than the reserve is free, but more than the half of it that is left for what is under way.
    private static void Fill(TestGroup group, params ReadOnlySpan<int> members)
    {
        foreach (var number in members)
        {
            group.Disks[number].CapacityBytes = group.Disks[number].UsedBytes + (Reserve * 3 / 4);
        }
    }

    // The primary hears of it with the next heartbeat.
    private static async Task UntilRefusedAsync(TestGroup group)
    {
        var isRefused = false;
        for (var attempt = 0; attempt < 10_000 && !isRefused; attempt++)
        {
            isRefused = !await TryAppendAsync(group[group.Primary], "filler");
        }

        Assert.True(isRefused);
    }

    private static async Task UntilTakenAsync(IMessageLog log, string body)
    {
        var isTaken = false;
        for (var attempt = 0; attempt < 10_000 && !isTaken; attempt++)
        {
            isTaken = await TryAppendAsync(log, body);
        }

        Assert.True(isTaken);
    }

    private static async Task<bool> TryAppendAsync(IMessageLog log, string body)
    {
        try
        {
            await AppendAsync(log, body);
            return true;
        }
        catch (DymesException error) when (error.Code == ErrorCode.DiskFull)
        {
            return false;
        }
    }
}
