using Dymes.Common;
using Dymes.Message;
using Dymes.Testing;
using Dymes.Testing.Simulation;

namespace Dymes.MessageStore.Tests.Replication;

public sealed class ReplicaAppenderTests
{
    [Fact]
    public void What_a_primary_makes_and_a_backup_gets_are_the_same_entry()
    {
        using var primary = new ReplicaStore(new SimulatedFileSystem());
        using var backup = new ReplicaStore(new SimulatedFileSystem());

        var entry = primary.Prepare([primary.Draft("one"), primary.Draft("two")], answerBytes: 48);
        backup.Append(entry);

        Assert.Equal(primary.Log.Tail, backup.Log.Tail);
        Assert.Equal((2ul, 2ul), (primary.Log.Tail.NextLsn.Value, primary.Log.Tail.NextOp));
        Assert.Equal(primary.Store.Segments[0].Index.LocationAt(1), backup.Store.Segments[0].Index.LocationAt(1));
    }

    [Fact]
    public void Entries_are_found_again_whichever_way_they_came()
    {
        var files = new SimulatedFileSystem();
        Dymes.MessageStore.Segments.LogTail tail;
        using (var store = new ReplicaStore(files))
        {
            store.Append(TestEntry.Of(store.Log.Tail, EntryKind.Registration, 0, []));
            store.Prepare([store.Draft("one")], answerBytes: 16);
            store.Append(store.Draft("two"), store.Draft("three"));
            store.Append(TestEntry.Of(store.Log.Tail, EntryKind.Answer, 0, new byte[32], 32));
            store.Append(TestEntry.Of(store.Log.Tail, EntryKind.NoOp, 0, []));
            tail = store.Log.Tail;
        }

        using var again = new ReplicaStore(files);

        Assert.Equal((tail, 5ul), (again.Log.Tail, again.Log.LastOp));
        Assert.Equal(3, again.Store.Segments[0].Index.Count);
    }

    [Fact]
    public void Entries_that_come_faster_than_the_disk_writes_wait_in_their_order()
    {
        var files = new SimulatedFileSystem();
        var options = ReplicaStore.Options with { SegmentBytesMax = 4 << 20 };
        using (var store = new ReplicaStore(files, options, starts: false))
        {
            for (var i = 0; i < 24; i++)
            {
                store.Append(store.Draft(new string('x', 1 << 20)));
            }

            Assert.True(store.Log.WaitingBytes > 24 << 20);
            store.Store.Start(store);
            store.Settle();
            Assert.Equal(0, store.Log.WaitingBytes);
            store.Log.CommitTo(24);
        }

        using var again = new ReplicaStore(files, options);

        Assert.Equal(24ul, again.Log.LastOp);
        Assert.True(again.Store.Segments.Length > 5);
    }

    [Fact]
    public void A_damaged_or_foreign_entry_is_refused_and_changes_nothing()
    {
        using var store = new ReplicaStore(new SimulatedFileSystem());
        store.Append(store.Draft("there"));
        var tail = store.Log.Tail;
        var taken = new MessageDraft("taken") { Id = new MessageId(1) };
        var fresh = store.Draft("fresh");
        var sound = TestEntry.Messages(tail, [fresh, store.Draft("more")], answerBytes: 16);
        var damaged = sound.Body.ToArray();
        damaged[200] ^= 1;

        Refuses(EntryFault.NotNext, sound with { Header = sound.Header with { Op = 3 } });
        Refuses(EntryFault.NotNext, sound with { Header = sound.Header with { ParentChecksum = 1 } });
        Refuses(EntryFault.NotNext, sound with { Header = sound.Header with { FirstLsn = new Lsn(7) } });
        Refuses(EntryFault.Body, sound with { Body = damaged });
        Refuses(EntryFault.Body, sound with { Body = sound.Body[..^16] });
        Refuses(EntryFault.Frame, TestEntry.Of(tail, EntryKind.Messages, 2, damaged, 16));
        Refuses(EntryFault.Frame, TestEntry.Of(tail, EntryKind.Messages, 2, sound.Body)); // its answer is no frame
        Refuses(EntryFault.Frame, TestEntry.Of(tail, EntryKind.Messages, 1, TestEntry.Messages(tail with { NextLsn = new Lsn(9) }, [fresh]).Body));
        Refuses(EntryFault.MessageCount, TestEntry.Of(tail, EntryKind.Messages, 3, sound.Body, 16));
        Refuses(EntryFault.Kind, TestEntry.Of(tail, EntryKind.Messages, 0, []));
        Refuses(EntryFault.Kind, TestEntry.Of(tail, EntryKind.NoOp, 1, []));
        Refuses(EntryFault.Kind, TestEntry.Of(tail, (EntryKind)77, 0, []));
        Refuses(EntryFault.MessageId, TestEntry.Messages(tail, [taken]));
        Refuses(EntryFault.MessageId, TestEntry.Messages(tail, [fresh, fresh]));
        Refuses(EntryFault.MessageId, TestEntry.Messages(tail, [new MessageDraft("none")]));

        Assert.Equal((tail, 1), (store.Log.Tail, store.Store.Segments[0].Index.Count));
        store.Append(sound);
        store.Settle();

        void Refuses(EntryFault fault, TestEntry entry)
        {
            lock (store.Store.Gate)
            {
                Assert.Equal(fault, store.Log.Append(entry.Header, entry.Body));
            }
        }
    }

    [Fact]
    public void An_entry_that_is_open_does_not_go_to_the_disk_without_its_header()
    {
        var files = new SimulatedFileSystem();
        using var store = new ReplicaStore(files);
        var draft = store.Draft("half");
        lock (store.Store.Gate)
        {
            store.Log.Open(1024, 1, 77);
            store.Store.Appender.Append(draft.ToFrame(), draft.Id);
        }

        store.Store.WakeDisk();
        store.Dispose();

        Assert.Equal(Lsn.First, new ReplicaStore(files).Store.OpenedEnd);
    }

    [Fact]
    public void Segments_without_any_message_are_sealed_and_found_again()
    {
        var files = new SimulatedFileSystem();
        var options = ReplicaStore.Options with { SegmentBytesMax = StoreLimits.SegmentBytesFloor };
        int segments;
        using (var store = new ReplicaStore(files, options))
        {
            for (var i = 0; i < 1500; i++)
            {
                store.Append(TestEntry.Of(store.Log.Tail, EntryKind.NoOp, 0, []));
            }

            store.Append(store.Draft("at last"));
            store.Settle();
            store.Log.CommitTo(1501);
            segments = store.Store.Segments.Length;
        }

        Assert.Contains("dymes_00000002.idx", files.ListFiles(ReplicaStore.Directory));
        using var again = new ReplicaStore(files, options);
        Assert.Equal((1501ul, segments), (again.Log.LastOp, again.Store.Segments.Length));
        Assert.True(again.Store.TryFindId(new MessageId(1), out var segment, out _));
        Assert.Equal((segment, 1501), (again.Store.SegmentOf(Lsn.First), again.ReadAll(1501).Count));
    }

    [Fact]
    public void A_message_can_be_read_before_the_disk_has_it_also_where_another_was_cut_off()
    {
        using var store = new ReplicaStore(new SimulatedFileSystem(), starts: false);
        store.Append(store.Draft("stays"));
        store.Append(store.Draft("first"));
        store.TruncateAfter(1);
        store.TruncateAfter(1);
        store.Append(store.Draft("other"));

        Assert.Equal(("stays", "other"), (Body(0), Body(1)));
        store.Store.Start(store);
        store.Settle();
        store.Append(store.Draft("next batch"));
        store.Settle();
        Assert.Equal((null, "next batch"), (Body(1), Body(2)));

        string? Body(int row) => store.Store.Appender.TryGetUnwritten(store.Store.Segments[0], row, out var frame) ? System.Text.Encoding.UTF8.GetString(frame.Body) : null;
    }

    [Fact]
    public void A_segment_is_sealed_when_its_entries_are_committed_and_not_before()
    {
        var files = new SimulatedFileSystem();
        var options = ReplicaStore.Options with { SegmentMessagesMax = 2 };
        using (var store = new ReplicaStore(files, options))
        {
            for (var i = 0; i < 6; i++)
            {
                store.Append(store.Draft($"message {i}"));
                store.Settle();
            }

            store.Log.CommitTo(3);
        }

        Assert.Equal(["dymes_00000001.idx"], files.ListFiles(ReplicaStore.Directory).Where(name => name.EndsWith(".idx", StringComparison.Ordinal)));
    }
}
