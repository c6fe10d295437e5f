using Dymes.Common;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Tests.Recovery;
using Dymes.MessageStore.Verification;

namespace Dymes.MessageStore.Tests.Verification;

public sealed class JournalRepairTests
{
    private const string Directory = "/data";
    private const string Journal = $"{Directory}/{JournalFile.FileName}";
    private static readonly UInt128 Cluster = 42;

    [Fact]
    public void A_repair_keeps_what_the_replica_promised_to_its_group()
    {
        var segment = Member();
        FlipSlot(segment, SlotOf(State(segment).Generation - 1));

        new StoreVerifier(segment.Files, Directory).Repair(cutTail: false);

        var state = State(segment);
        Assert.Equal((7u, 6u, 3u, 2u, 3u), (state.View, state.LogView, state.Epoch, state.ReplicaNumber, state.ReplicaCount));
        Assert.False(state.IsRecovering);
    }

    [Fact]
    public void A_member_whose_promises_cannot_be_read_has_to_ask_the_group()
    {
        var segment = Member();
        FlipSlot(segment, 0);
        FlipSlot(segment, 1);

        new StoreVerifier(segment.Files, Directory).Repair(cutTail: false);

        Assert.True(State(segment).IsRecovering);
    }

    [Fact]
    public void A_member_whose_tail_is_cut_has_to_ask_the_group()
    {
        var segment = Member();
        segment.Add(EntryKind.Answer, new byte[16]);
        segment.Files.FlipBit(segment.Path, (segment.Files.ReadAll(segment.Path).Length - 1) * 8L);

        new StoreVerifier(segment.Files, Directory).Repair(cutTail: true);

        var state = State(segment);
        Assert.Equal((true, 7u), (state.IsRecovering, state.View));
    }

    [Fact]
    public void A_single_node_has_nobody_to_ask()
    {
        var segment = new HandWrittenSegment();
        FlipSlot(segment, 0);
        FlipSlot(segment, 1);

        new StoreVerifier(segment.Files, Directory).Repair(cutTail: false);

        Assert.False(State(segment).IsRecovering);
        segment.Open().Dispose();
    }

    private static HandWrittenSegment Member()
    {
        var segment = new HandWrittenSegment(Cluster);
        segment.Add(EntryKind.Registration, []);
        using var journal = JournalFile.Open(segment.Files, Directory, new StoreIdentity(Cluster, "default"))!;
        for (var writes = 0; writes < 2; writes++)
        {
            journal.Write(state => state with { Epoch = 3, ReplicaNumber = 2, ReplicaCount = 3, View = 7, LogView = 6 });
        }

        return segment;
    }

    private static HardState State(HandWrittenSegment segment)
    {
        using var journal = JournalFile.Open(segment.Files, Directory, new StoreIdentity(segment.Options.ClusterId, "default"))!;
        return journal.State;
    }

    private static int SlotOf(ulong generation) => (int)(generation % 2);

    private static void FlipSlot(HandWrittenSegment segment, int slot) => segment.Files.FlipBit(Journal, 8L * ((4096 * (slot + 1)) + 30));
}
