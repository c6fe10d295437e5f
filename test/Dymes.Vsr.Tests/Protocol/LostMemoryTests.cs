using Dymes.Vsr.Messages;
using Dymes.Vsr.Tests.Group;

namespace Dymes.Vsr.Tests.Protocol;

/// <summary>What a replica said before it lost its disk is under way while it promises something else afterwards (DISC 2017, see <see cref="Incarnations"/>).</summary>
public sealed class LostMemoryTests
{
    [Fact]
    public void A_log_that_was_sent_before_its_sender_lost_its_disk_elects_nobody()
    {
        var group = TestGroup.Started(3);
        var (other, primary, next) = (group[0], group[1], group[2]);
        Assert.Equal(primary, group.Primary);
        var client = new TestClient(group, 1).Register();

        // The next primary leaves the view, and forgets it. The other one follows its word, sends its log, and forgets that too.
        var view = primary.Live.View.Next;
        next.Step(replica => replica.Receive(new Recover(Envelope(primary, primary.Live.View) with { View = view }, 5, 0, Standing.Recovering)));
        var left = Catch<StartViewChange>(group, next, other);
        LoseDisk(group, next);
        other.Step(replica => replica.Receive(left));
        var log = Catch<DoViewChange>(group, other, next);
        LoseDisk(group, other);
        Assert.Equal(primary, group.Primary);

        // They commit something in the old view, of which the next primary learns nothing.
        group.Isolate(next.Number.Value);
        var committed = client.Append("committed");
        primary.Crash();
        group.Heal();
        next.Step(replica => replica.Receive(log));
        Assert.Equal(view, next.Live.View);
        group.RunUntil(() => group.FindPrimary() is { } leads && leads.Live.CommitOp >= committed.Op);

        Assert.Equal("committed", TestMachine.Text(group.Primary.Disk.Log[(int)committed.Op - 1].Body));
    }

    [Fact]
    public void Each_loss_of_a_disk_is_counted_by_all_and_for_good()
    {
        var group = TestGroup.Started(3);
        var (other, backup) = (group[0], group[2]);
        LoseDisk(group, backup);
        LoseDisk(group, backup);
        LoseDisk(group, other);

        Assert.All(group.Replicas, replica => Assert.Equal(Incarnations.Of([1, 0, 2]), replica.Disk.State!.Incarnations));
    }

    [Fact]
    public void A_member_answers_a_new_number_when_it_has_it_on_disk()
    {
        var group = TestGroup.Started(3);
        var member = group.Primary;
        member.Disk.IsHeld = true;

        member.Step(replica => replica.Receive(new Recover(Envelope(group[0], member.Live.View), 5, 1, Standing.Recovering)));
        Assert.DoesNotContain(group.Network, message => message.Message is RecoverReply);

        member.Disk.IsHeld = false;
        member.Flush();
        var answer = Assert.Single(group.Network.Select(message => message.Message).OfType<RecoverReply>());
        Assert.Equal((5UL, 1u), (answer.Nonce, answer.Incarnations[group[0].Number]));
    }

    [Fact]
    public void An_answer_whose_sender_has_lost_its_disk_since_does_not_count()
    {
        var group = TestGroup.Started(5);
        var recovering = group[0];
        recovering.Crash();
        recovering.Disk.Wipe();
        recovering.Start();
        group.Deliver(message => message.Message is Recover { Incarnation: 0 } or RecoverReply);
        var question = group.Network.Select(message => message.Message).OfType<Recover>().Last();
        group.Drop(_ => true);

        Answer(group[1], Incarnations.Of([1]));
        Answer(group[2], Incarnations.Of([1]));
        Answer(group[3], Incarnations.Of([1, 1]));
        Assert.DoesNotContain(group.Network, message => message.Message is GetStartView);

        Answer(group[1], Incarnations.Of([1]));
        Assert.DoesNotContain(group.Network, message => message.Message is GetStartView);

        Answer(group[1], Incarnations.Of([1, 1]));
        Assert.Contains(group.Network, message => message.Message is GetStartView);

        void Answer(TestReplica from, Incarnations known) =>
            recovering.Step(replica => replica.Receive(new RecoverReply(Envelope(from, from.Live.View), question.Nonce, Standing.Member, known)));
    }

    private static Envelope Envelope(TestReplica from, ViewNumber view) => new(7, 1, from.Number, view);

    // Takes a message off the network, with all others of its sender.
    private static T Catch<T>(TestGroup group, TestReplica from, TestReplica to)
        where T : VsrMessage
    {
        var caught = group.Network.First(message => message.From == from.Number && message.To == to.Number && message.Message is T);
        group.Drop(message => message.From == from.Number);
        return (T)caught.Message;
    }

    private static void LoseDisk(TestGroup group, TestReplica replica)
    {
        replica.Crash();
        replica.Disk.Wipe();
        replica.Start();
        group.RunUntil(() => replica.Live.Status == ReplicaStatus.Normal);
    }
}
