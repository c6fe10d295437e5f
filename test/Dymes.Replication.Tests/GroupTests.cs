using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Replication.Tests;

public sealed class GroupTests
{
    [Fact]
    public async Task Every_member_has_what_any_of_them_acknowledged()
    {
        await using var group = await TestGroup.StartAsync(3);
        var receipts = new List<AppendReceipt>();
        for (var number = 0; number < 30; number++)
        {
            receipts.Add(await AppendAsync(group[number % 3], $"{number}"));
        }

        Assert.Equal(Enumerable.Range(0, 30).Select(lsn => (ulong)lsn), receipts.Select(receipt => receipt.Lsn.Value));
        await group.UntilAsync(() => group.Running.All(member => member.Committed.Value == 30));
        var logs = await Task.WhenAll(group.Running.Select(member => member.ReadAllAsync()));
        Assert.All(logs, log => Assert.Equal(logs[0], log));
    }

    [Fact]
    public async Task An_isolated_primary_acknowledges_nothing_and_the_others_go_on()
    {
        await using var group = await TestGroup.StartAsync(3);
        var deposed = group.Primary;
        await AppendAsync(group[deposed], "before");
        group.Network.Isolate(deposed);

        var stuck = AppendAsync(group[deposed], "stuck");
        var other = (deposed + 1) % 3;
        await AppendAsync(group[other], "meanwhile");
        Assert.False(stuck.IsCompleted);

        group.Network.Heal();
        await stuck;
        Assert.Equal(["before", "meanwhile", "stuck"], await group[deposed].BodiesAsync(new LogSelection()));
    }

    [Fact]
    public async Task A_member_without_a_majority_says_that_it_has_no_primary()
    {
        await using var group = await TestGroup.StartAsync(3);
        var member = (group.Primary + 1) % 3;
        group.Network.Isolate(member);

        var refusal = await Assert.ThrowsAsync<Common.DymesException>(() => AppendAsync(group[member], "lost"));
        Assert.Contains(refusal.Code, new[] { Common.ErrorCode.OutcomeUnknown, Common.ErrorCode.NotReady });
    }

    [Fact]
    public async Task Requests_that_arrive_twice_or_late_or_not_at_all_are_run_once()
    {
        await using var group = await TestGroup.StartAsync(3);
        group.Network.LosesOneIn = 7;
        var receipts = await Task.WhenAll(Enumerable.Range(0, 3).SelectMany(member => Enumerable.Range(0, 40).Select(number => Task.Run(() => AppendAsync(group[member], $"{member} {number}")))));

        group.Network.LosesOneIn = 0;
        Assert.Equal(120, receipts.Select(receipt => receipt.Lsn).Distinct().Count());
        await group.UntilAsync(() => group.Running.All(member => member.Committed.Value == 120));
        var bodies = await group[0].BodiesAsync(new LogSelection());
        Assert.Equal(120, bodies.Distinct().Count());
    }

    [Fact]
    public async Task A_confirmed_read_sees_what_another_member_acknowledged()
    {
        await using var group = await TestGroup.StartAsync(3);
        for (var number = 0; number < 20; number++)
        {
            var receipt = await AppendAsync(group[number % 3], $"{number}");
            var reader = group[(number + 1) % 3];
            await reader.ConfirmAsync();
            Assert.True(reader.Committed > receipt.Lsn);
        }
    }

    [Fact]
    public async Task A_primary_that_hands_over_costs_no_append()
    {
        await using var group = await TestGroup.StartAsync(3);
        for (var round = 0; round < 5; round++)
        {
            var primary = group.Primary;
            var view = group[primary].Report.View;
            var appends = Enumerable.Range(0, 50).Select(number => Task.Run(() => AppendAsync(group[number % 3], $"{round} {number}"))).ToArray();
            group[primary].HandOver();
            Assert.Equal(50, (await Task.WhenAll(appends)).Select(receipt => receipt.Lsn).Distinct().Count());
            await group.UntilAsync(() => group.Primary >= 0 && group[group.Primary].Report.View > view);
        }
    }

    [Fact]
    public async Task Whoever_appends_while_a_member_stops_is_answered()
    {
        await using var group = await TestGroup.StartAsync(3);
        for (var round = 0; round < 3; round++)
        {
            var member = group[round];
            using var isStopped = new CancellationTokenSource();
            var writers = Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
            {
                while (!isStopped.IsCancellationRequested)
                {
                    await Record.ExceptionAsync(() => AppendAsync(member, $"{round} {writer}"));
                }
            })).ToArray();

            await AppendAsync(group[(round + 1) % 3], $"{round}");
            await group.StopAsync(round);
            await isStopped.CancelAsync();
            await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(30));
            group.Start(round);
            await group.UntilAsync(() => group.Running.All(each => each.Report.Status == Vsr.ReplicaStatus.Normal));
        }
    }

    [Fact]
    public async Task A_member_that_was_away_for_long_gets_what_it_missed()
    {
        await using var group = await TestGroup.StartAsync(3);
        var away = (group.Primary + 1) % 3;
        group.Network.Isolate(away);
        for (var number = 0; number < 1500; number++)
        {
            await AppendAsync(group[group.Primary], $"{number}");
        }

        group.Network.Heal();
        await group.UntilAsync(() => group[away].Committed.Value == 1500);
        Assert.Equal(await group[group.Primary].ReadAllAsync(), await group[away].ReadAllAsync());
        await group.UntilAsync(() => group[away].Report is { Lag: 0, Upkeep.EntriesFetched: > 1000 });
    }

    internal static async Task<AppendReceipt> AppendAsync(IMessageLog log, string body) => (await log.AppendAsync(MessageDraft.Request(new MessageDraft(body)))).First;
}
