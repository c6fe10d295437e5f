using Dymes.Common;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;
using Dymes.Vsr.Tests.Group;

namespace Dymes.Vsr.Tests.Protocol;

public sealed class RecoveryTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_wiped_backup_gets_everything_back(int count)
    {
        var group = TestGroup.Started(count);
        var client = new TestClient(group, 1).Register();
        client.Append("a");
        client.Append("b");
        var backup = group.Replicas.First(replica => replica != group.Primary);
        backup.Crash();
        backup.Disk.Wipe();

        backup.Start();
        group.RunUntil(() => backup.Live.Status == ReplicaStatus.Normal);

        Assert.Equal(group.Primary.Disk.Log.Select(entry => entry.Checksum), backup.Disk.Log.Select(entry => entry.Checksum));
    }

    [Fact]
    public void A_wiped_primary_gets_everything_back_from_the_next_one()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var kept = client.Append("kept");
        var primary = group.Primary;
        primary.Crash();
        primary.Disk.Wipe();
        primary.Start();

        group.RunUntil(() => primary.Live.Status == ReplicaStatus.Normal);

        Assert.Equal("kept", TestMachine.Text(primary.Disk.Log[(int)kept.Op - 1].Body));
    }

    [Fact]
    public void A_group_does_not_begin_while_one_of_its_replicas_is_unheard()
    {
        var group = new TestGroup(3);
        group[0].Start();
        group[1].Start();
        group.Run(5000);
        Assert.All([group[0], group[1]], replica => Assert.Equal(Standing.Blank, replica.Live.Standing));

        group[2].Start();
        group.RunUntil(() => group.Replicas.All(replica => replica.Live.Status == ReplicaStatus.Normal));
    }

    [Fact]
    public void A_group_begins_though_a_replica_restarts_while_it_forms()
    {
        var group = new TestGroup(3);
        group[1].Disk.IsHeld = true;
        foreach (var replica in group.Replicas)
        {
            replica.Start();
        }

        group.Run(500);
        Assert.Equal(Standing.Forming, group[0].Live.Standing);
        group[0].Crash();
        group[0].Start();
        group[1].Disk.IsHeld = false;
        group[1].Flush();

        group.RunUntil(() => group.Replicas.All(replica => replica.Live.Status == ReplicaStatus.Normal));
    }

    [Fact]
    public void A_recovering_replica_takes_part_in_no_quorum()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var (wiped, dead) = (group.Replicas.First(replica => replica != group.Primary), group.Replicas.Last(replica => replica != group.Primary));
        dead.Crash();
        wiped.Crash();
        wiped.Disk.Wipe();
        wiped.Start();

        client.Send("waits for a majority");
        group.Run(3000);

        Assert.Equal(ReplicaStatus.Recovering, wiped.Live.Status);
        Assert.Null(client.ReplyTo(1));
        dead.Start();
        group.RunUntil(() => wiped.Live.Status == ReplicaStatus.Normal);
    }

    [Fact]
    public void An_answer_to_an_earlier_life_does_not_count()
    {
        var group = TestGroup.Started(3);
        var wiped = group.Replicas.First(replica => replica != group.Primary);
        var client = new TestClient(group, 1).Register();
        wiped.Crash();
        wiped.Disk.Wipe();
        wiped.Start();
        group.Deliver(message => message.From == wiped.Number);
        var answers = group.Network.Where(message => message.To == wiped.Number).ToList();
        wiped.Crash();
        client.Append("meanwhile");
        wiped.Start();

        foreach (var answer in answers)
        {
            wiped.Step(replica => replica.Receive(answer.Message));
        }

        Assert.Equal(Standing.Blank, wiped.Live.Standing);
    }

    [Fact]
    public void A_log_of_an_older_view_than_a_member_told_is_not_taken()
    {
        var group = TestGroup.Started(3);
        var wiped = group.Replicas.First(replica => replica != group.Primary);
        var others = group.Replicas.Where(replica => replica != wiped).Select(replica => replica.Number).ToList();
        wiped.Crash();
        wiped.Disk.Wipe();
        wiped.Start();
        Answer(wiped, group, others[0], new ViewNumber(9)); // blank, it learns that there is a group, and asks anew
        Answer(wiped, group, others[0], new ViewNumber(3)); // under what number
        Answer(wiped, group, others[1], new ViewNumber(3));
        Answer(wiped, group, others[0], new ViewNumber(9));
        Answer(wiped, group, others[1], new ViewNumber(3));
        var nonce = LastRecover(wiped, group).Nonce;
        var suffix = new LogSuffix(0, [UInt128.Zero]);

        wiped.Step(replica => replica.Receive(new StartView(Envelope(new ViewNumber(4).PrimaryOf(3), new ViewNumber(4)), suffix, nonce)));
        Assert.Equal(ReplicaStatus.Recovering, wiped.Live.Status);

        var later = new[] { 9U, 10U, 11U }.Select(view => new ViewNumber(view)).First(view => view.PrimaryOf(3) != wiped.Number);
        wiped.Step(replica => replica.Receive(new StartView(Envelope(later.PrimaryOf(3), later), suffix, nonce)));
        Assert.Equal((ReplicaStatus.Normal, later), (wiped.Live.Status, wiped.Live.View));
    }

    [Fact]
    public void Damage_behind_the_known_commit_makes_a_replica_recover_also_after_a_second_crash()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        client.Append("a");
        client.Append("b");
        var backup = group.Replicas.First(replica => replica != group.Primary);
        backup.Crash();
        backup.Disk.Damage((ulong)backup.Disk.Log.Count);
        backup.Start();
        Assert.True(backup.Disk.State!.IsRecovering);
        Assert.Equal(2, backup.Disk.Log.Count);

        backup.Crash();
        backup.Start();
        Assert.Equal(Standing.Recovering, backup.Live.Standing);
        group.RunUntil(() => backup.Live.Status == ReplicaStatus.Normal);
        Assert.False(backup.Disk.State!.IsRecovering);
    }

    [Fact]
    public void A_damaged_group_of_one_is_refused()
    {
        var group = TestGroup.Started(1);
        var client = new TestClient(group, 1).Register();
        client.Append("a");
        group[0].Crash();
        group[0].Disk.Damage(2);

        var error = Assert.Throws<DymesException>(() => group[0].Start());

        Assert.Equal(ErrorCode.StorageDamaged, error.Code);
        Assert.Contains("dymes verify", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_far_behind_replica_catches_up_in_pieces()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var backup = group.Replicas.First(replica => replica != group.Primary);
        backup.Crash();
        for (var i = 0; i < 3000; i++)
        {
            client.Append("m");
        }

        backup.Start();
        group.RunUntil(() => backup.Live.AppliedOp == group.Primary.Live.AppliedOp);

        Assert.Equal(3001UL, backup.Machine.Committed);
    }

    [Fact]
    public void A_damaged_entry_is_written_again_as_another_replica_has_it()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        for (var i = 0; i < (2 * VsrLimits.WindowEntriesMax) + 10; i++)
        {
            client.Append("m");
        }

        var primary = group.Primary;
        primary.Disk.Damage(5);
        primary.Step(replica => replica.Damaged(5, primary.Disk.Log[4].Checksum));
        Assert.True(primary.Disk.IsDamaged(5));

        group.Run(100);
        Assert.False(primary.Disk.IsDamaged(5));
    }

    [Fact]
    public void A_damaged_entry_that_nobody_can_give_holds_up_no_other()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        for (var i = 0; i < VsrLimits.WindowEntriesMax + 20; i++)
        {
            client.Append($"{i}");
        }

        foreach (var replica in group.Replicas)
        {
            replica.Disk.Damage(5);
        }

        var backup = group.Replicas.First(replica => replica != group.Primary);
        backup.Disk.Damage(6);
        for (var told = 0; told < VsrLimits.RepairsMax; told++)
        {
            backup.Step(replica => replica.Damaged(5));
        }

        backup.Step(replica => replica.Damaged(6));
        group.RunUntil(() => !backup.Disk.IsDamaged(6));

        Assert.True(backup.Disk.IsDamaged(5));
    }

    [Fact]
    public void Damaged_entries_are_repaired_where_each_answer_comes_after_the_next_question()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        for (var i = 0; i < VsrLimits.WindowEntriesMax + 20; i++)
        {
            client.Append($"{i}");
        }

        var backup = group.Replicas.First(replica => replica != group.Primary);
        foreach (var op in new[] { 5ul, 6ul, 7ul })
        {
            backup.Disk.Damage(op);
            backup.Step(replica => replica.Damaged(op));
        }

        var sentAt = new Dictionary<InFlight, ulong>(ReferenceEqualityComparer.Instance);
        for (var ticks = 0; ticks < 200 && backup.Disk.IsAnyDamaged; ticks++)
        {
            group.Tick();
            group.Deliver(IsThere);
        }

        Assert.False(backup.Disk.IsAnyDamaged);
        Assert.Equal(0, backup.Live.RepairsWaiting);

        bool IsThere(InFlight message)
        {
            sentAt.TryAdd(message, group.Now);
            return message.Message is not NewState || group.Now - sentAt[message] > (ulong)group.Settings.TransferMilliseconds;
        }
    }

    [Fact]
    public void Members_go_along_to_a_view_that_a_recovering_replica_may_have_promised_something_in()
    {
        var group = TestGroup.Started(3);
        var view = new ViewNumber(group.Primary.Live.View.Value + 4);
        var recovering = group.Replicas.First(replica => replica != group.Primary);

        group.Primary.Step(replica => replica.Receive(new Recover(Envelope(recovering.Number, view), 5, 0, Standing.Recovering)));
        group.RunUntil(() => group.Replicas.All(replica => replica.Live.Status == ReplicaStatus.Normal && replica.Live.View >= view));
    }

    [Fact]
    public void A_session_that_was_least_recently_used_makes_way_on_all_replicas_alike()
    {
        var group = TestGroup.Started(3, sessionsMax: 2);
        var first = new TestClient(group, 1).Register();
        var second = new TestClient(group, 2).Register();
        first.Append("keeps the first one in use");
        new TestClient(group, 3).Register();

        group.RunUntil(() => group.Replicas.All(replica => replica.Live.AppliedOp == group.Primary.Live.LastOp));
        second.Send("too late");

        Assert.Equal(ReplyOutcome.SessionUnknown, group.Replies[^1].Outcome);
        Assert.Single(group.Replicas.Select(replica => Convert.ToHexString(replica.Live.Sessions.Save())).Distinct());
        var saved = ClientTable.TryLoad(group[0].Live.Sessions.Save(), 2)!;
        Assert.Equal((2, group[0].Live.AppliedOp), (saved.Count, saved.Op));
    }

    private static Envelope Envelope(ReplicaNumber from, ViewNumber view) => new(7, 1, from, view);

    private static Recover LastRecover(TestReplica replica, TestGroup group) =>
        group.Network.Where(message => message.From == replica.Number).Select(message => message.Message).OfType<Recover>().Last();

    private static void Answer(TestReplica replica, TestGroup group, ReplicaNumber from, ViewNumber view) =>
        replica.Step(live => live.Receive(new RecoverReply(Envelope(from, view), LastRecover(replica, group).Nonce, Standing.Member, Incarnations.None)));
}
