using Dymes.Common;

namespace Dymes.MessageStore.Tests.Recovery;

public sealed class EntryKindTests
{
    [Fact]
    public void Entries_of_consensus_take_an_op_and_no_position()
    {
        var segment = new HandWrittenSegment();
        segment.Add(EntryKind.Registration, []);
        segment.Add(EntryKind.Answer, new byte[48]);
        segment.Add(EntryKind.NoOp, []);

        using var store = segment.Open();

        Assert.Equal(Lsn.First, store.OpenedEnd);
        Assert.Equal(3, store.Segments[0].Entries.Count);
    }

    [Fact]
    public void An_entry_of_a_kind_to_come_is_refused_and_not_cut_off()
    {
        var segment = new HandWrittenSegment();
        segment.Add((EntryKind)77, []);
        var before = segment.Files.ReadAll(segment.Path);

        var error = Assert.Throws<DymesException>(segment.Open);

        Assert.Equal(ErrorCode.ForeignFile, error.Code);
        Assert.Contains("kind 77", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, segment.Files.ReadAll(segment.Path));
    }
}
