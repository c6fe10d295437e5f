using Dymes.Common;
using Dymes.MessageStore.Segments;
using Dymes.Testing.Simulation;

namespace Dymes.MessageStore.Tests.Replication;

public sealed class TruncationTests
{
    private readonly SimulatedFileSystem _files = new();

    private static StoreOptions TinySegments => ReplicaStore.Options with { SegmentMessagesMax = 2 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_cut_off_makes_room_for_other_entries(bool isOnDisk)
    {
        LogTail tail;
        using (var store = new ReplicaStore(_files))
        {
            store.Append(store.Draft("one"));
            var before = store.Log.Tail;
            store.Append(store.Draft("two"));
            store.Append(store.Draft("three"));
            if (isOnDisk)
            {
                store.Settle();
            }

            store.TruncateAfter(1);

            Assert.Equal(before, store.Log.Tail);
            Assert.Equal(1, store.Store.Segments[0].Index.Count);
            store.Append(TestEntry.Messages(before, [store.Draft("other")], view: 2));
            store.Settle();
            tail = store.Log.Tail;
        }

        using var again = new ReplicaStore(_files);
        Assert.Equal(tail, again.Log.Tail);
        Assert.Null(again.Store.HardState.Cut);
    }

    [Fact]
    public void A_batch_is_cut_in_its_midst_and_what_stays_of_it_is_found_again()
    {
        LogTail middle;
        using (var store = new ReplicaStore(_files, starts: false))
        {
            store.Append(store.Draft("one"));
            store.Append(store.Draft("two"));
            middle = store.Log.Tail;
            store.Append(store.Draft("three"));
            store.Store.Start(store); // all in one batch
            store.Settle();
            store.TruncateAfter(2);
        }

        using (var again = new ReplicaStore(_files, firstId: 10))
        {
            Assert.Equal(middle, again.Log.Tail);
            again.Append(again.Draft("four"));
            again.Settle();
            again.TruncateAfter(2);
            again.TruncateAfter(2); // twice at one place
            again.Append(again.Draft("five"));
        }

        using var last = new ReplicaStore(_files);
        Assert.Equal(3ul, last.Log.LastOp);
    }

    [Fact]
    public void A_cut_reaches_back_into_an_earlier_segment_and_later_ones_vanish()
    {
        using (var store = new ReplicaStore(_files, TinySegments))
        {
            for (var i = 0; i < 9; i++)
            {
                store.Append(store.Draft($"message {i}"));
                store.Settle();
            }

            Assert.Equal(5, store.Store.Segments.Length);
            store.Log.CommitTo(3);
            store.TruncateAfter(3);
            Assert.Equal(2, store.Store.Segments.Length);
            store.Append(store.Draft("four again"));
            store.Append(store.Draft("five again"));
            store.Settle();
            Assert.Equal(["dymes_00000001.msg", "dymes_00000002.msg", "dymes_00000003.msg"], MessageFiles());
        }

        using var again = new ReplicaStore(_files, TinySegments);
        Assert.Equal(5ul, again.Log.LastOp);
    }

    [Fact]
    public void Everything_can_be_taken_back_where_nothing_is_committed()
    {
        using (var store = new ReplicaStore(_files, TinySegments))
        {
            for (var i = 0; i < 5; i++)
            {
                store.Append(store.Draft($"message {i}"));
            }

            store.Settle();
            store.TruncateAfter(0);
            Assert.Equal(LogTail.Empty, store.Log.Tail);
        }

        using var again = new ReplicaStore(_files, TinySegments);
        Assert.Equal((LogTail.Empty, 0), (again.Log.Tail, again.Store.Segments[0].Index.Count));
        again.Append(again.Draft("first"));
    }

    [Fact]
    public void What_is_committed_is_not_taken_back()
    {
        using var store = new ReplicaStore(_files);
        store.Append(store.Draft("one"));
        store.Append(store.Draft("two"));
        store.Log.CommitTo(1);

        Assert.Throws<InvariantViolation>(() => store.Log.TruncateAfter(0));
        store.TruncateAfter(1);
    }

    [Fact]
    public void A_cut_that_a_crash_interrupts_is_made_up_for_at_the_next_start()
    {
        var steps = Cut(_files, TinySegments);
        var sawRedo = false;
        for (var step = 1; step <= steps; step++)
        {
            for (var seed = 0; seed < 8; seed++)
            {
                var files = new SimulatedFileSystem();
                Cut(files, TinySegments, step);
                var found = files.Crash((CrashMode)(seed % 4), seed);
                sawRedo |= JournalFile.Inspect(found, $"{ReplicaStore.Directory}/{JournalFile.FileName}").State is { Cut: not null };

                using var store = new ReplicaStore(found, TinySegments, firstId: 100);
                Assert.Contains(store.Log.LastOp, (ulong[])[4, 9]);
                Assert.Null(store.Store.HardState.Cut);
                store.Append(store.Draft("and on"));
                store.Settle();
            }
        }

        Assert.True(sawRedo, "some crash came amid the cut");
    }

    [Fact]
    public void Rows_that_are_taken_back_leave_no_trace_in_the_index()
    {
        using var store = new ReplicaStore(_files);
        var parent = store.Draft("parent");
        store.Append(parent);
        var old = store.Draft("old") with { Parent = parent.Id, Channel = new Dymes.Message.ChannelId(9) };
        store.Append(store.Draft("x") with { Id = new Dymes.Message.MessageId(1000) }, old); // ids not in order
        store.TruncateAfter(1);

        var index = store.Store.Segments[0].Index;
        Assert.Equal((-1, null, 0), (index.FindId(old.Id), index.FindChannel(old.Channel), index.CopyChildRows(parent.Id, 0, new int[4])));
        Assert.Equal((parent.Id, parent.Id), (index.MinId, index.MaxId));
        Assert.Equal(1, index.OrderById().Count);
        store.Append(old);
        Assert.Equal(1, index.FindId(old.Id));
    }

    // Entries 1 to 9, two a segment and of a batch of their own, cut to 4; returns the steps that the cut took, or stops amid one of them.
    private static long Cut(SimulatedFileSystem files, StoreOptions options, long crashAt = long.MaxValue)
    {
        var store = new ReplicaStore(files, options);
        try
        {
            for (var i = 0; i < 9; i++)
            {
                store.Append(store.Draft($"message {i}"));
                store.Settle();
            }

            var before = files.Steps;
            files.CrashAtStep(crashAt == long.MaxValue ? crashAt : before + crashAt);
            store.TruncateAfter(4);
            store.Settle();
            return files.Steps - before;
        }
        catch (IOException)
        {
            return 0;
        }
        finally
        {
            Close(store);
        }
    }

    private static void Close(ReplicaStore store)
    {
        try
        {
            store.Dispose();
        }
        catch (IOException)
        {
            // its disk is gone
        }
    }

    private IEnumerable<string> MessageFiles() => _files.ListFiles(ReplicaStore.Directory).Where(name => SegmentNames.TryParseMessageFile(name, out _));
}
