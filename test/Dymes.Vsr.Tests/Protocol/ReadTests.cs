using Dymes.Vsr.Messages;
using Dymes.Vsr.Tests.Group;

namespace Dymes.Vsr.Tests.Protocol;

public sealed class ReadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_read_at_any_replica_sees_what_was_acknowledged_before(int at)
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var op = client.Append("seen").Op;

        group[at].Step(replica => replica.Read(1));
        group.RunUntil(() => group.Reads.ContainsKey(1));

        Assert.True(group.Reads[1] >= op);
    }

    [Fact]
    public void A_group_of_one_confirms_at_once()
    {
        var group = TestGroup.Started(1);
        group[0].Step(replica => replica.Read(1));
        Assert.NotNull(group.Reads[1]);
    }

    [Fact]
    public void A_deposed_primary_serves_no_read()
    {
        var group = TestGroup.Started(3);
        var old = group.Primary;
        group.Isolate(old.Number.Value);
        old.Step(replica => replica.Read(1));
        group.RunUntil(() => group.Replicas.Any(replica => replica != old && replica.Live.IsPrimary));
        group.RunUntil(() => group.Reads.ContainsKey(1));

        Assert.Null(group.Reads[1]);
    }

    [Fact]
    public void One_round_confirms_all_reads_that_wait()
    {
        var group = TestGroup.Started(3);
        group.Deliver();
        for (var read = 1UL; read <= 100; read++)
        {
            group.Primary.Step(replica => replica.Read(read));
        }

        var first = group.Network.Count(message => message.Message is Commit);
        group.Deliver(message => message.Message is Commit or PrepareOk);

        Assert.Equal(2, first);
        Assert.Equal(100, group.Reads.Count(read => read.Value is not null));
    }

    [Fact]
    public void A_new_primary_serves_no_read_before_it_has_applied_what_its_view_began_with()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var old = group.Primary;
        client.Send("acknowledged by the old primary alone");
        group.Deliver(message => message.Message is Prepare or PrepareOk);
        var op = client.ReplyTo(1)!.Op;
        group.Drop(_ => true);
        old.Crash();
        group.RunUntil(() => group.Replicas.Any(replica => replica.Running is { IsPrimary: true }));

        group.Primary.Step(replica => replica.Read(1));
        group.RunUntil(() => group.Reads.ContainsKey(1));

        Assert.True(group.Reads[1] >= op);
    }

    [Fact]
    public void A_read_is_confirmed_where_the_answer_comes_after_the_question_was_asked_again()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var op = client.Append("seen").Op;
        var backup = group.Replicas.First(replica => replica != group.Primary);
        var askedAt = group.Now;

        backup.Step(replica => replica.Read(1));
        for (var ticks = 0; ticks < 200 && !group.Reads.ContainsKey(1); ticks++)
        {
            group.Tick();
            group.Deliver(message => message.Message is not ReadOp || group.Now - askedAt > (ulong)group.Settings.SuspectMaxMilliseconds + 100);
        }

        Assert.True(group.Reads[1] >= op);
    }

    [Fact]
    public void A_read_that_nobody_answers_is_refused()
    {
        var group = TestGroup.Started(3);
        var backup = group.Replicas.First(replica => replica != group.Primary);
        group.Isolate(backup.Number.Value);

        backup.Step(replica => replica.Read(1));
        group.Run(3000);

        Assert.Null(group.Reads[1]);
    }

    [Fact]
    public void The_answer_to_a_read_of_an_earlier_life_serves_none_of_this_one()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var backup = group.Replicas.First(replica => replica != group.Primary);
        backup.Step(replica => replica.Read(1));
        group.Deliver(message => message.Message is not ReadOp);
        var late = group.Network.Single(message => message.Message is ReadOp);
        group.Drop(message => message == late);
        backup.Crash();
        backup.Start();
        var op = client.Append("acknowledged before the second read").Op;

        backup.Step(replica => replica.Read(1));
        group.Send(late.To, late.Message);
        group.Deliver(message => message.Message is ReadOp);

        Assert.Empty(group.Reads);
        group.RunUntil(() => group.Reads.ContainsKey(1));
        Assert.True(group.Reads[1] >= op);
    }
}
