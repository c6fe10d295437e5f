using Dymes.Common;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Abstractions.Log;
using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Hosting.Tests.InProcess;

/// <summary>What a group of silos does when some of them, or what is between them, fail: the logic of it, with no process or machine to lose.</summary>
public sealed class SiloGroupTests(SiloGroup group) : IClassFixture<SiloGroup>
{
    [Fact]
    public async Task The_others_go_on_when_the_silo_of_the_primary_is_lost()
    {
        await group.WholeAsync();
        await using var writers = new GroupWriters(group, 4);
        await writers.GoOnAsync(100);
        var lost = group.Primary;
        await group.KillAsync(lost);
        await writers.GoOnAsync(100);
        Assert.NotEqual(lost, group.Primary);

        await group.StartAsync(lost);
        await writers.GoOnAsync(100);
        await writers.CheckAsync();
    }

    [Fact]
    public async Task A_primary_that_is_cut_off_acknowledges_nothing_and_takes_over_what_the_others_did()
    {
        await group.WholeAsync();
        var deposed = group.Primary;
        var before = group[deposed].Committed;
        group.Mail.Isolate(deposed);
        await AssertUnconfirmedAsync(group[deposed]);
        var stuck = AppendAsync(group[deposed], "stuck");
        var meanwhile = await AppendAsync(group[(deposed + 1) % SiloGroup.Count], "meanwhile");
        Assert.Equal(before, meanwhile.Lsn);
        Assert.False(stuck.IsCompleted);

        group.Mail.Heal();
        Assert.Equal(before.Next, (await stuck).Lsn);
        var logs = await group.LogsAsync();
        Assert.All(logs, log => Assert.Equal(logs[0], log));
    }

    [Fact]
    public async Task A_backup_that_is_cut_off_is_not_missed_and_deposes_nobody_when_it_comes_back()
    {
        await group.WholeAsync();
        var primary = group.Primary;
        var backup = (primary + 1) % SiloGroup.Count;
        group.Mail.Isolate(backup);
        foreach (var number in Enumerable.Range(0, 50))
        {
            await AppendAsync(group[primary], $"without {number}");
        }

        await AssertUnconfirmedAsync(group[backup]);
        var view = group[primary].Report.View;
        await group.WholeAsync();
        Assert.Equal(view, group[primary].Report.View);
    }

    [Fact]
    public async Task A_message_in_seven_may_be_lost()
    {
        await group.WholeAsync();
        await using var writers = new GroupWriters(group, 8);
        group.Mail.LosesOneIn = 7;
        await writers.GoOnAsync(300);
        Assert.True(group.Mail.Lost > 50);
        await writers.CheckAsync();
    }

    [Fact]
    public async Task A_message_in_ten_may_be_late()
    {
        await group.WholeAsync();
        await using var writers = new GroupWriters(group, 8);
        group.Mail.DelaysOneIn = 10;
        await writers.GoOnAsync(300);
        Assert.True(group.Mail.Delayed > 30);
        await writers.CheckAsync();
    }

    [Fact]
    public async Task Each_silo_may_stop_and_come_back_and_the_others_see_it_go_and_come()
    {
        await group.WholeAsync();
        await using var writers = new GroupWriters(group, 4);
        for (var number = 0; number < SiloGroup.Count; number++)
        {
            var (stopped, asked) = (number, (number + 1) % SiloGroup.Count);
            await writers.GoOnAsync(50);
            await group.StopAsync(stopped);
            await UntilToldAsync(asked, stopped, SiloState.Dead);
            await writers.GoOnAsync(50);

            await group.StartAsync(stopped);
            await UntilToldAsync(asked, stopped, SiloState.Alive);
            await group.UntilAsync( // its service has another address now, and mail finds it
                async () => (await group.AskAsync(asked)).Replicas[stopped].Progress is { Status: ReplicaState.Normal, LastHeardMilliseconds: < 1000 },
                $"silo {asked} hears {stopped} again");
        }

        await writers.CheckAsync();
    }

    [Fact]
    public async Task A_silo_without_its_data_gets_all_from_the_others_while_appends_go_on()
    {
        await group.WholeAsync();
        await using var writers = new GroupWriters(group, 4);
        await writers.GoOnAsync(500);
        var wiped = (group.Primary + 1) % SiloGroup.Count;
        await group.KillAsync(wiped);
        group.Wipe(wiped);
        await group.StartAsync(wiped);
        await writers.GoOnAsync(500);
        await group.UntilAsync(() => group[wiped].Report.Status == Vsr.ReplicaStatus.Normal, "the blank member is one of the group");
        await writers.CheckAsync();
    }

    [Fact]
    public async Task A_caller_outside_the_silos_is_answered_whichever_of_them_is_lost()
    {
        await group.WholeAsync();
        var log = new GrainMessageLog(group.Client, DatasetKeys.DefaultDataset);
        for (var lost = 0; lost < SiloGroup.Count; lost++)
        {
            await group.KillAsync(lost);
            var receipt = await AppendSurelyAsync(log, $"without {lost} at {group[(lost + 1) % SiloGroup.Count].Report.View}");
            Assert.True((await log.GetStatusAsync()).NextLsn > receipt.Lsn);
            await group.WholeAsync();
        }
    }

    private static async Task<AppendReceipt> AppendAsync(IMessageLog log, string body) => (await log.AppendAsync(MessageDraft.Request(new MessageDraft(body)))).First;

    // As a client does: under a key, until it is answered.
    private async Task<AppendReceipt> AppendSurelyAsync(IMessageLog log, string body)
    {
        AppendReceipt? receipt = null;
        await group.UntilAsync(
            async () =>
            {
                try
                {
                    receipt = (await log.AppendAsync(MessageDraft.Once(body, new MessageDraft(body)))).First;
                    return true;
                }
                catch (DymesException refused) when (refused.Code is ErrorCode.NotReady or ErrorCode.OutcomeUnknown)
                {
                    return false;
                }
            },
            $"'{body}' is appended");
        return receipt!.Value;
    }

    // Whoever cannot ask a majority is told that he may not see everything.
    private static async Task AssertUnconfirmedAsync(IFreshReads log) =>
        Assert.Equal(ErrorCode.NotReady, (await Assert.ThrowsAsync<DymesException>(() => log.ConfirmAsync().WaitAsync(TimeSpan.FromSeconds(30)))).Code);

    private Task UntilToldAsync(int asked, int told, SiloState state) =>
        group.UntilAsync(async () => (await group.AskAsync(asked)).Replicas[told].Silo == state, $"silo {asked} tells that {told} is {state}");
}
