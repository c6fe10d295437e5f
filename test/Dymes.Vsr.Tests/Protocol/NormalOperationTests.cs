using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;
using Dymes.Vsr.Tests.Group;

namespace Dymes.Vsr.Tests.Protocol;

public sealed class NormalOperationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void A_new_group_forms_and_answers(int count)
    {
        var group = TestGroup.Started(count);
        var client = new TestClient(group, 1).Register();

        var reply = client.Append("first");

        Assert.Equal("first", TestMachine.Text(reply.Body));
        group.Run(200);
        Assert.All(group.Replicas, replica => Assert.Equal(2UL, replica.Machine.Committed));
        Assert.All(group.Replicas, replica => Assert.Equal(group[0].Disk.Log.Select(entry => entry.Checksum), replica.Disk.Log.Select(entry => entry.Checksum)));
    }

    [Fact]
    public void Nothing_is_committed_before_a_majority_has_it_on_disk()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        foreach (var replica in group.Replicas)
        {
            replica.Disk.IsHeld = true;
        }

        client.Send("x");
        group.Deliver();
        Assert.Null(client.ReplyTo(1));

        var backup = group.Replicas.First(replica => replica != group.Primary);
        backup.Disk.IsHeld = false;
        backup.Flush();
        group.Deliver();
        Assert.Null(client.ReplyTo(1)); // one of three

        group.Primary.Disk.IsHeld = false;
        group.Primary.Flush();
        Assert.NotNull(client.ReplyTo(1));
    }

    [Fact]
    public void A_request_that_cannot_be_judged_for_damage_is_put_off_and_run_once_when_it_comes_again()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var end = group.Primary.Live.LastOp;
        group.Primary.Machine.IsDamaged = true;

        var request = client.Send("later");
        client.Submit(request);
        group.Deliver();
        Assert.Equal([ReplyOutcome.Busy, ReplyOutcome.Busy], group.Replies.Where(reply => reply.Client == client.Id && reply.Number == request.Number).Select(reply => reply.Outcome));
        Assert.Equal(end, group.Primary.Live.LastOp);

        group.Primary.Machine.IsDamaged = false;
        client.Submit(request);
        client.Submit(request);
        group.RunUntil(() => client.ReplyTo(request.Number) is not null);
        Assert.Equal("later", TestMachine.Text(client.ReplyTo(request.Number)!.Body));
        Assert.Equal(end + 1, group.Primary.Live.LastOp);
    }

    [Fact]
    public void An_answer_that_cannot_be_told_for_damage_is_told_when_it_is_asked_for_again()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var request = client.Send("told later");
        group.Primary.Machine.IsDamaged = true;
        group.Run(100);
        client.Submit(request);
        group.Run(100);
        Assert.Null(client.ReplyTo(request.Number));

        group.Primary.Machine.IsDamaged = false;
        client.Submit(request);
        group.RunUntil(() => client.ReplyTo(request.Number) is not null);
        Assert.Equal("told later", TestMachine.Text(client.ReplyTo(request.Number)!.Body));
    }

    [Fact]
    public void Prepares_out_of_order_are_put_in_order()
    {
        var group = TestGroup.Started(3);
        var clients = Enumerable.Range(1, 8).Select(id => new TestClient(group, (ulong)id).Register()).ToList();
        clients.ForEach(client => client.Send("m"));

        group.Reverse(message => message.Message is Prepare);
        group.Deliver();

        Assert.All(clients, client => Assert.NotNull(client.ReplyTo(1)));
    }

    [Fact]
    public void A_lost_prepare_is_fetched()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        client.Send("lost");
        var lost = group.Drop(message => message.Message is Prepare);

        group.Run(500);

        Assert.Equal(2, lost);
        Assert.NotNull(client.ReplyTo(1));
    }

    [Fact]
    public void A_replica_catches_up_where_each_answer_comes_after_the_next_question()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var behind = group.Replicas.First(replica => replica != group.Primary);
        group.Isolate(behind.Number.Value);
        client.Append("missed");
        group.Heal();
        var sentAt = new Dictionary<InFlight, ulong>(ReferenceEqualityComparer.Instance);

        for (var ticks = 0; ticks < 200 && behind.Live.LastOp < group.Primary.Live.LastOp; ticks++)
        {
            group.Tick();
            group.Deliver(IsThere);
        }

        Assert.Equal(group.Primary.Live.LastOp, behind.Live.LastOp);

        bool IsThere(InFlight message)
        {
            sentAt.TryAdd(message, group.Now);
            return message.Message is not NewState || group.Now - sentAt[message] > (ulong)group.Settings.TransferMilliseconds;
        }
    }

    [Fact]
    public void A_request_that_comes_twice_is_run_once_and_answered_twice()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var request = client.Send("once");
        client.Submit(request);
        group.Run(100);

        client.Submit(request);
        group.Run(100);

        Assert.Equal(2UL, group.Primary.Machine.Committed);
        var answers = group.Replies.Where(reply => reply.Number == 1).ToList();
        Assert.Equal(2, answers.Count);
        Assert.All(answers, answer => Assert.Equal(answers[0].Op, answer.Op));
    }

    [Fact]
    public void The_answer_to_an_old_request_is_read_from_the_log()
    {
        var group = TestGroup.Started(3);
        var old = new TestClient(group, 1).Register();
        var request = old.Send("old");
        group.Run(100);
        var busy = new TestClient(group, 2).Register();
        for (var i = 0; i < (2 * VsrLimits.WindowEntriesMax) + 10; i++)
        {
            busy.Append("new");
        }

        group.Replies.Clear();
        old.Submit(request);

        Assert.Equal("old", TestMachine.Text(old.ReplyTo(1)!.Body));
    }

    [Theory]
    [InlineData(9UL, 1UL, ReplyOutcome.SessionUnknown)]
    [InlineData(1UL, 3UL, ReplyOutcome.OutOfOrder)]
    public void A_request_that_is_not_the_sessions_next_is_refused(ulong session, ulong number, ReplyOutcome expected)
    {
        var group = TestGroup.Started(1);
        var client = new TestClient(group, 1).Register();

        client.Submit(new ClientRequest(client.Id, session, number, TestMachine.Body("x")));

        Assert.Equal(expected, group.Replies[^1].Outcome);
    }

    [Fact]
    public void A_backup_sends_clients_to_the_primary()
    {
        var group = TestGroup.Started(3);
        var backup = group.Replicas.First(replica => replica != group.Primary);

        new TestClient(group, 1).Submit(ClientRequest.Register(new ClientId(1)), backup.Number.Value);

        Assert.Equal(ReplyOutcome.NotPrimary, group.Replies[^1].Outcome);
        Assert.Equal(group.Primary.Number, group.Replies[^1].View.PrimaryOf(3));
    }

    [Fact]
    public void Timestamps_never_step_back()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        client.Append("now");
        group.Clock -= 60_000;
        client.Append("a minute before");

        var log = group.Primary.Disk.Log;
        Assert.True(log[^1].Header.TimestampMilliseconds >= log[^2].Header.TimestampMilliseconds);
    }

    [Fact]
    public void More_requests_than_the_pipeline_holds_wait_their_turn()
    {
        var group = TestGroup.Started(3);
        var clients = Enumerable.Range(1, VsrLimits.PipelineEntriesMax + 50).Select(id => new TestClient(group, (ulong)id).Register()).ToList();

        clients.ForEach(client => client.Send("m"));
        Assert.Equal((ulong)VsrLimits.PipelineEntriesMax, group.Primary.Live.LastOp - group.Primary.Live.CommitOp);

        group.Run(100);
        Assert.All(clients, client => Assert.NotNull(client.ReplyTo(1)));
    }

    [Fact]
    public void Messages_of_another_cluster_are_dropped_and_counted()
    {
        var group = TestGroup.Started(3);
        var stranger = new Envelope(8, 1, new ReplicaNumber(0), new ViewNumber(99));

        group[1].Step(replica => replica.Receive(new StartViewChange(stranger)));
        group[1].Step(replica => replica.Receive(new StartViewChange(stranger with { ClusterId = 7, Epoch = 2 })));
        group[1].Step(replica => replica.Receive(new StartViewChange(stranger with { ClusterId = 7, From = new ReplicaNumber(3) })));

        Assert.Equal(3UL, group[1].Live.MessagesDropped);
        Assert.NotEqual(99U, group[1].Live.View.Value);
    }

    [Theory]
    [InlineData(3, 2, false)]
    [InlineData(3, 1, true)]
    [InlineData(5, 3, false)]
    [InlineData(5, 2, true)]
    public void A_primary_takes_new_requests_while_a_majority_has_room(int count, int full, bool takes)
    {
        var group = TestGroup.Started(count);
        var client = new TestClient(group, 1).Register();
        foreach (var backup in group.Replicas.Where(replica => replica != group.Primary).Take(full))
        {
            backup.Step(replica => replica.IsFull = true);
        }

        group.Run(200);
        Assert.Equal(takes, group.Primary.Live.GroupHasRoom);
        var request = client.Send("x");
        group.Run(200);

        Assert.Contains(group.Replies, reply => reply.Number == request.Number && reply.Outcome == (takes ? ReplyOutcome.Done : ReplyOutcome.DiskFull));
        Assert.Equal(takes ? 2UL : 1UL, group.Primary.Live.LastOp);
    }

    [Fact]
    public void A_request_that_was_run_is_answered_though_no_disk_has_room()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var request = client.Send("x");
        group.RunUntil(() => client.ReplyTo(1) is not null);
        foreach (var each in group.Replicas)
        {
            each.Step(replica => replica.IsFull = true);
        }

        group.Run(200);
        group.Replies.Clear();
        client.Submit(request);
        group.Run(200);

        Assert.Equal([ReplyOutcome.Done], group.Replies.Select(reply => reply.Outcome));
    }
}
