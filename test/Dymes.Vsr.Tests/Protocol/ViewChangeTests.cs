using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;
using Dymes.Vsr.Tests.Group;

namespace Dymes.Vsr.Tests.Protocol;

public sealed class ViewChangeTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void A_killed_primary_costs_under_a_second_and_a_half(int count)
    {
        var group = TestGroup.Started(count);
        var client = new TestClient(group, 1).Register();
        client.Append("before");
        var killed = group.Now;

        group.Primary.Crash();
        group.RunUntil(() => group.Replicas.Any(replica => replica.Running is { IsPrimary: true }));
        client.Append("after");

        Assert.InRange(group.Now - killed, 1UL, 1500UL);
    }

    [Fact]
    public void Nobody_leaves_a_view_before_it_is_on_disk()
    {
        var group = TestGroup.Started(3);
        var backups = group.Replicas.Where(replica => replica != group.Primary).ToList();
        group.Primary.Crash();
        backups.ForEach(backup => backup.Disk.IsHeld = true);
        group.SentKinds.Clear();

        group.Run(2000);
        Assert.DoesNotContain(MessageKind.StartViewChange, group.SentKinds);
        Assert.DoesNotContain(MessageKind.DoViewChange, group.SentKinds);
        Assert.All(backups, backup => Assert.Equal(ReplicaStatus.ViewChange, backup.Live.Status));

        backups.ForEach(backup => backup.Disk.IsHeld = false);
        backups.ForEach(backup => backup.Flush());
        group.RunUntil(() => backups.All(backup => backup.Live.Status == ReplicaStatus.Normal));
    }

    [Fact]
    public void A_replica_that_comes_back_from_a_partition_deposes_nobody()
    {
        var group = TestGroup.Started(3);
        var (view, backup) = (group.Primary.Live.View, group.Replicas.First(replica => replica != group.Primary));
        group.Isolate(backup.Number.Value);
        group.Run(5000);

        group.Heal();
        group.Run(3000);

        Assert.All(group.Replicas, replica => Assert.Equal((view, ReplicaStatus.Normal), (replica.Live.View, replica.Live.Status)));
    }

    [Fact]
    public void A_deposed_primary_judges_no_client_that_knows_its_successor()
    {
        var group = TestGroup.Started(3);
        var deposed = group.Primary;
        group.Isolate(deposed.Number.Value);
        group.RunUntil(() => group.Primary != deposed);
        var client = new TestClient(group, 1).Register();
        var known = client.ReplyTo(0)!;
        Assert.True(known.View > deposed.Live.View);

        client.Submit(new ClientRequest(client.Id, known.Session, 1, TestMachine.Body("x")) { View = known.View }, deposed.Number.Value);

        Assert.Equal(ReplyOutcome.NotPrimary, group.Replies[^1].Outcome);
    }

    [Fact]
    public void A_primary_without_a_majority_steps_down_and_refuses()
    {
        var group = TestGroup.Started(3);
        var primary = group.Primary;
        var client = new TestClient(group, 1).Register();
        group.Isolate(primary.Number.Value);
        group.Run(1000);

        client.Submit(new Sessions.ClientRequest(client.Id, 1, 1, TestMachine.Body("x")), primary.Number.Value);

        Assert.False(primary.Live.IsPrimary);
        Assert.Equal(Sessions.ReplyOutcome.NotPrimary, group.Replies[^1].Outcome);
    }

    [Fact]
    public void A_primary_whose_disk_stands_still_steps_down()
    {
        var group = TestGroup.Started(3);
        var primary = group.Primary;
        var client = new TestClient(group, 1).Register();
        primary.Disk.IsHeld = true;
        client.Send("stuck");

        group.RunUntil(() => group.FindPrimary() is { } next && next != primary);

        Assert.NotEqual(primary.Number, group.Primary.Number);
    }

    [Fact]
    public void A_restarted_primary_does_not_go_on_in_its_view()
    {
        var group = TestGroup.Started(3);
        var primary = group.Primary;
        var view = primary.Live.View;
        primary.Crash();
        primary.Start();

        Assert.False(primary.Live.IsPrimary);
        group.RunUntil(() => group.Replicas.All(replica => replica.Live.Status == ReplicaStatus.Normal));
        Assert.True(group.Primary.Live.View > view);
    }

    [Fact]
    public void The_longest_of_older_logs_does_not_win_over_a_newer_one()
    {
        var group = TestGroup.Started(3);
        var old = group.Primary;
        var clients = Enumerable.Range(1, 5).Select(id => new TestClient(group, (ulong)id).Register()).ToList();
        var other = new TestClient(group, 6).Register();
        group.Isolate(old.Number.Value);
        clients.ForEach(client => client.Send("never told to be done"));
        group.RunUntil(() => group.Replicas.Any(replica => replica != old && replica.Live.IsPrimary));
        var kept = other.Append("done");

        var view = group.Primary.Live.View;
        group.Heal();
        group.Primary.Crash();
        group.RunUntil(() => group.FindPrimary() is { } next && next.Live.View > view);

        Assert.Equal("done", TestMachine.Text(group.Primary.Disk.Log[(int)kept.Op - 1].Body));
    }

    [Fact]
    public void A_late_acknowledgement_of_an_entry_that_was_cut_off_does_not_count()
    {
        var group = TestGroup.Started(3);
        var old = group.Primary;
        var clients = Enumerable.Range(1, 3).Select(id => new TestClient(group, (ulong)id).Register()).ToList();
        var other = new TestClient(group, 6).Register();
        group.Isolate(old.Number.Value);
        old.Disk.IsLogHeld = true;
        clients.ForEach(client => client.Send("cut off"));
        group.RunUntil(() => group.Replicas.Any(replica => replica != old && replica.Live.IsPrimary));
        other.Append("in its place");

        group.Heal();
        group.RunUntil(() => old.Live.View == group.Primary.Live.View && old.Live.LastOp == group.Primary.Live.LastOp);
        Assert.True(old.Live.DurableOp < old.Live.LastOp);
        Assert.NotEqual(ReplicaStatus.Normal, old.Live.Status);

        old.Disk.IsLogHeld = false;
        old.Flush();
        Assert.Equal(old.Live.LastOp, old.Live.DurableOp);
    }

    [Fact]
    public void A_primary_that_is_about_to_stop_hands_over_at_once()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var primary = group.Primary;
        client.Send("under way");
        var before = group.Now;

        primary.Step(replica => replica.HandOver());
        group.RunUntil(() => group.FindPrimary() is { } next && next != primary && client.ReplyTo(1) is not null);

        Assert.InRange(group.Now - before, 0UL, 20UL);
    }

    [Fact]
    public void A_failed_write_stops_the_replica_for_good()
    {
        var group = TestGroup.Started(3);
        var primary = group.Primary;

        primary.Step(replica => replica.DiskFailed());
        group.RunUntil(() => group.Replicas.Any(replica => replica.Live.IsPrimary));

        Assert.Equal(ReplicaStatus.Stopped, primary.Live.Status);
        Assert.NotEqual(primary, group.Primary);
    }

    [Fact]
    public void A_log_is_not_touched_before_the_view_that_it_is_taken_over_from_is_on_disk()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var backup = group.Replicas.First(replica => replica != group.Primary);
        var view = backup.Live.View;
        LeaveBehind(group, backup, client);
        var before = backup.Disk.Log.Count;

        backup.Disk.IsHeld = true;
        group.Heal();
        group.Run(200);
        Assert.Equal(ReplicaStatus.ViewChange, backup.Live.Status);
        backup.Crash(logWritesKept: int.MaxValue);

        Assert.Equal((view, before), (backup.Disk.State!.View, backup.Disk.Log.Count));
    }

    [Fact]
    public void A_start_of_a_view_that_comes_late_does_not_take_back_what_is_known_of_its_log()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var backup = group.Replicas.First(replica => replica != group.Primary);
        var late = LeaveBehind(group, backup, client);
        backup.Disk.IsHeld = true;
        group.Heal();
        group.Run(100);
        backup.Disk.IsHeld = false;
        backup.Flush(); // the view
        backup.Disk.IsHeld = true;
        group.Deliver(); // the entries
        backup.Crash(logWritesKept: int.MaxValue);
        backup.Disk.IsHeld = false;
        backup.Start();
        Assert.True(backup.Live.CommitOp > late.Suffix.LastOp && backup.Live.LogView < late.View);

        backup.Step(replica => replica.Receive(late));

        Assert.Equal((late.View, ReplicaStatus.ViewChange), (backup.Live.View, backup.Live.Status));
        group.RunUntil(() => backup.Live.Status == ReplicaStatus.Normal && backup.Live.LastOp == group.Primary.Live.LastOp);
    }

    // The others go to the next view without a backup, and on in it; returns how the view began.
    private static StartView LeaveBehind(TestGroup group, TestReplica backup, TestClient client)
    {
        var old = group.Primary;
        group.Isolate(backup.Number.Value);
        old.Step(replica => replica.HandOver());
        group.Deliver(message => message.Message is not StartView || message.To != backup.Number);
        var start = (StartView)group.Network.First(message => message.Message is StartView && message.To == backup.Number).Message;
        group.RunUntil(() => group.Primary != old);
        for (var i = 0; i < 5; i++)
        {
            client.Append($"{i}");
        }

        return start;
    }
}
