using Dymes.Vsr.Messages;
using Dymes.Vsr.Tests.Group;

namespace Dymes.Vsr.Tests.Protocol;

public sealed class TransferTests
{
    private const int Entries = 24; // of a megabyte each: the others still have them all in memory
    private static readonly string Megabyte = new('m', 1 << 20);

    [Fact]
    public void Much_that_is_missing_comes_from_another_than_the_primary()
    {
        var (group, _, behind) = FallenBehind();
        var donors = new List<ReplicaNumber>();

        while (behind.Live.LastOp < group.Primary.Live.LastOp)
        {
            group.Tick();
            group.Deliver(message =>
            {
                if (message.Message is NewState)
                {
                    donors.Add(message.From);
                }

                return true;
            });
        }

        Assert.Equal(4, donors.Count(donor => donor == group.Primary.Number));
        Assert.True(donors.Count > Entries / 2, $"{donors.Count} pieces");
    }

    [Fact]
    public void What_is_missing_is_fetched_at_once_while_nobody_appends()
    {
        var (group, _, behind) = FallenBehind();
        var start = group.Now;

        group.RunUntil(() => behind.Live.LastOp == group.Primary.Live.LastOp);

        Assert.InRange(group.Now - start, 0UL, (ulong)group.Settings.GapMilliseconds + 200);
    }

    [Fact]
    public void What_is_missing_is_fetched_at_a_steady_rate_while_the_primary_appends()
    {
        var (group, client, behind) = FallenBehind();
        var goal = group.Primary.Live.LastOp;
        KeepBusyUntil(() => behind.Live.LastOp > goal - Entries); // from the first piece on
        var start = group.Now;

        KeepBusyUntil(() => behind.Live.LastOp >= goal);

        // Three pieces more may come at once, after a while of rest; ticks are longer than a piece takes, and cost nothing.
        var milliseconds = (Entries << 20) * 1000L / VsrLimits.TransferBytesPerSecond;
        Assert.InRange((long)(group.Now - start), milliseconds * (Entries - 4) / Entries, milliseconds + TestGroup.TickMilliseconds);

        void KeepBusyUntil(Func<bool> condition)
        {
            while (!condition())
            {
                client.Append("small");
                group.Run(TestGroup.TickMilliseconds);
            }
        }
    }

    private static (TestGroup Group, TestClient Client, TestReplica Behind) FallenBehind()
    {
        var group = TestGroup.Started(3);
        var client = new TestClient(group, 1).Register();
        var behind = group.Replicas.First(replica => replica != group.Primary);
        group.Isolate(behind.Number.Value);
        for (var i = 0; i < Entries; i++)
        {
            client.Append(Megabyte);
        }

        group.Heal();
        return (group, client, behind);
    }
}
