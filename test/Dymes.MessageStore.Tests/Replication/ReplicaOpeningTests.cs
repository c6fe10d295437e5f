using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Segments;
using Dymes.Testing;
using Dymes.Testing.Simulation;

namespace Dymes.MessageStore.Tests.Replication;

public sealed class ReplicaOpeningTests
{
    private const string FirstFile = $"{ReplicaStore.Directory}/dymes_00000001.msg";
    private const string Journal = $"{ReplicaStore.Directory}/{JournalFile.FileName}";
    private readonly SimulatedFileSystem _files = new();
    private readonly List<TestEntry> _entries = [];

    private static StoreOptions TinySegments => ReplicaStore.Options with { SegmentMessagesMax = 2 };

    [Fact]
    public void A_new_directory_is_blank_until_the_replica_has_written_its_state()
    {
        SegmentStore.Open(ReplicaStore.Options, _files, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance).Dispose();
        using (var store = new ReplicaStore(_files, starts: false))
        {
            Assert.Equal(FoundCondition.Blank, store.Store.Found.Condition);
        }

        using var again = new ReplicaStore(_files);
        Assert.Equal((FoundCondition.Whole, 3u, true), (again.Store.Found.Condition, again.Store.HardState.ReplicaCount, again.Store.HardState.IsEnrolled));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_lost_journal_is_damage_until_the_replica_has_written_its_state_again(bool isGone)
    {
        Fill(3, ReplicaStore.Options);
        if (isGone)
        {
            _files.Delete(Journal);
        }
        else
        {
            _files.FlipBit(Journal, 4100 * 8);
            _files.FlipBit(Journal, 8200 * 8);
        }

        for (var start = 0; start < 2; start++)
        {
            using var store = new ReplicaStore(_files);
            Assert.Equal((FoundCondition.Damaged, 3ul, false), (store.Store.Found.Condition, store.Log.LastOp, store.Store.HardState.IsEnrolled));
        }

        using (var store = new ReplicaStore(_files))
        {
            store.Store.WriteState(state => state with { View = 7 });
        }

        using var last = new ReplicaStore(_files);
        Assert.Equal((FoundCondition.Whole, true), (last.Store.Found.Condition, last.Store.HardState.IsRecovering));
    }

    [Fact]
    public void No_bit_of_the_journal_that_flips_makes_a_replica_forget_what_it_promised()
    {
        Fill(3, ReplicaStore.Options);
        using (var store = new ReplicaStore(_files, starts: false))
        {
            store.Store.WriteState(state => state with { View = 7, Incarnations = [1, 0, 4] });
        }

        var bits = _files.ReadAll(Journal).Length * 8L;
        for (var bit = 5L; bit < bits; bit += 37)
        {
            _files.FlipBit(Journal, bit);
            var (state, _) = JournalFile.Inspect(_files, Journal);
            Assert.True(state is null or { View: 7, IsEnrolled: true }, $"bit {bit}");
            Assert.True(state is null || state.Incarnations[2] == 4, $"bit {bit}");
            _files.FlipBit(Journal, bit);
        }
    }

    [Fact]
    public void Entries_that_may_not_be_committed_can_be_taken_back_after_a_start_across_segments()
    {
        Fill(9, TinySegments, commit: 3);

        using (var store = new ReplicaStore(_files, TinySegments, firstId: 100))
        {
            Assert.Equal((FoundCondition.Whole, 9ul, 2ul), (store.Store.Found.Condition, store.Log.LastOp, store.Store.Found.CommitOp)); // the sealed ones, for there is no other word
            store.TruncateAfter(4);
            store.Append(store.Draft("five again"));
            store.Settle();
        }

        using var again = new ReplicaStore(_files, TinySegments);
        Assert.Equal(5ul, again.Log.LastOp);
        Assert.Equal(_entries[3].Bytes(), again.ReadAll(5)[3]);
    }

    [Fact]
    public void Damage_in_an_entry_that_is_known_to_be_committed_is_named_and_healed()
    {
        Fill(6, ReplicaStore.Options, commit: 4, writesHint: true);
        _files.FlipBit(FirstFile, (PlaceOf(2) + EntryLimits.HeaderBytes + 130) * 8);

        using (var store = new ReplicaStore(_files, firstId: 100))
        {
            Assert.Equal((FoundCondition.Whole, 6ul, 4ul, 2ul), (store.Store.Found.Condition, store.Log.LastOp, store.Store.Found.CommitOp, Assert.Single(store.Store.Found.DamagedOps)));
            Assert.False(store.Log.IsIndexComplete);
            Assert.Single(store.ReadAll(6));
            store.Append(store.Draft("seven"));

            store.Rewrite(_entries[1]);
            store.UntilMended();

            Assert.True(store.Log.IsIndexComplete);
            Assert.Equal(_entries.Select(entry => entry.Bytes()), store.ReadAll(6));
            Assert.Equal(7ul, store.Store.FindChannel(new Dymes.Message.ChannelId(3))!.BaseCount + (ulong)store.Store.FindChannel(new Dymes.Message.ChannelId(3))!.Count);
        }

        using var again = new ReplicaStore(_files);
        Assert.Equal((FoundCondition.Whole, 7ul), (again.Store.Found.Condition, again.Log.LastOp));
        Assert.Empty(again.Store.Found.DamagedOps);
    }

    [Fact]
    public void Damage_is_named_again_and_again_until_it_is_healed()
    {
        Fill(6, ReplicaStore.Options, commit: 4, writesHint: true);
        _files.FlipBit(FirstFile, (PlaceOf(2) + EntryLimits.HeaderBytes + 130) * 8);
        _files.FlipBit(FirstFile, (PlaceOf(3) + EntryLimits.HeaderBytes + 130) * 8);
        var clock = new ManualClock();
        using var store = new ReplicaStore(_files, firstId: 100, clock: clock);
        store.UntilDamagedAgain(2, 3, clock);
        store.Rewrite(_entries[1]);
        store.UntilDamagedAgain(3, 3, clock);
        store.Rewrite(_entries[2]);
        store.UntilMended();

        Assert.True(store.Log.IsIndexComplete);
        Assert.Equal(_entries.Select(entry => entry.Bytes()), store.ReadAll(6));
    }

    [Fact]
    public void Another_entry_is_not_put_into_the_place_of_a_damaged_one()
    {
        Fill(4, ReplicaStore.Options, commit: 4, writesHint: true);
        using var store = new ReplicaStore(_files);
        var tail = new LogTail(2, new Lsn(1), _entries[1].Header.ParentChecksum, 0);
        var other = TestEntry.Messages(tail, [store.Draft("message x")]);

        lock (store.Store.Gate)
        {
            Assert.Equal(EntryFault.NotNext, store.Log.Rewrite(other.Header, other.Body));
            Assert.Equal(EntryFault.Body, store.Log.Rewrite(_entries[1].Header, other.Body));
        }
    }

    [Fact]
    public void A_place_that_holds_the_only_copy_of_another_entry_is_not_written_over()
    {
        Fill(4, ReplicaStore.Options, commit: 4, writesHint: true);
        var (second, third) = (PlaceOf(2), PlaceOf(3));
        using var store = new ReplicaStore(_files);
        using (var file = _files.Open(FirstFile, DataFileMode.ReadWrite))
        {
            file.Write(_entries[2].Bytes(), second);
        }

        _files.FlipBit(FirstFile, (third + EntryLimits.HeaderBytes + 130) * 8);
        lock (store.Store.Gate)
        {
            Assert.Equal(EntryFault.NotNext, store.Log.Rewrite(_entries[1].Header, _entries[1].Body));
        }

        store.Rewrite(_entries[2]);
        store.Rewrite(_entries[1]); // what is in its place is a copy now
        Assert.Equal(_entries.Select(entry => entry.Bytes()), store.ReadAll(4));
    }

    [Theory]
    [InlineData(4ul)]
    [InlineData(5ul)]
    public void From_damage_on_behind_which_nothing_is_known_to_be_committed_the_log_comes_from_the_group(ulong damaged)
    {
        Fill(6, ReplicaStore.Options, commit: 4, writesHint: true);
        _files.FlipBit(FirstFile, (PlaceOf(damaged) + EntryLimits.HeaderBytes + 130) * 8);
        var before = _files.ReadAll(FirstFile);

        using (var store = new ReplicaStore(_files))
        {
            Assert.Equal((FoundCondition.Damaged, damaged - 1), (store.Store.Found.Condition, store.Log.LastOp));
            Assert.Equal(FirstFile, store.Store.Found.Damage!.Path);
        }

        Assert.Equal(before, _files.ReadAll(FirstFile)); // left alone
        using (var store = new ReplicaStore(_files))
        {
            store.TruncateAfter(damaged - 1);
            _entries[((int)damaged - 1)..].ForEach(entry => store.Append(entry));
            store.Settle();
        }

        using var again = new ReplicaStore(_files);
        Assert.Equal((FoundCondition.Whole, 6ul), (again.Store.Found.Condition, again.Log.LastOp));
        Assert.Equal(_entries.Select(entry => entry.Bytes()), again.ReadAll(6));
    }

    [Theory]
    [InlineData(1u, 0ul)]
    [InlineData(3u, 4ul)]
    [InlineData(5u, 8ul)]
    public void A_message_file_that_is_gone_ends_the_log_before_it(uint number, ulong lastOp)
    {
        Fill(9, TinySegments, commit: 6);
        _files.Delete($"{ReplicaStore.Directory}/{SegmentNames.MessageFile(number)}");

        using (var store = new ReplicaStore(_files, TinySegments, firstId: 100))
        {
            Assert.Equal((FoundCondition.Damaged, lastOp), (store.Store.Found.Condition, store.Log.LastOp));
            for (var op = lastOp; op < 9; op++)
            {
                store.Append(_entries[(int)op]);
            }

            store.Settle();
        }

        using var again = new ReplicaStore(_files, TinySegments);
        Assert.Equal((FoundCondition.Whole, 9ul), (again.Store.Found.Condition, again.Log.LastOp));
        Assert.Equal(_entries.Select(entry => entry.Bytes()), again.ReadAll(9));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Wherever_a_bit_flips_the_log_can_be_made_whole_again_with_and_without_index_files(bool hasNoIndex)
    {
        Fill(12, ReplicaStore.Options with { SegmentMessagesMax = 5 }, commit: hasNoIndex ? 11u : 8u, writesHint: true, perBatch: 3);
        var paths = _files.Paths.Where(path => path.EndsWith(".msg", StringComparison.Ordinal)).Select(path => (path, Bits: _files.ReadAll(path).Length * 8L)).ToArray();
        foreach (var (path, bits) in paths)
        {
            for (var bit = 3L; bit < Math.Min(bits, 5_000 * 8); bit += 131)
            {
                var files = _files.Crash(CrashMode.KeepUnflushed);
                files.FlipBit(path, bit);
                if (hasNoIndex)
                {
                    files.Delete(Path.ChangeExtension(path, ".idx"));
                }

                MakeWhole(files, $"bit {bit} of {path}");
            }
        }
    }

    private void MakeWhole(SimulatedFileSystem files, string what)
    {
        var options = ReplicaStore.Options with { SegmentMessagesMax = 5 };
        using (var store = new ReplicaStore(files, options, firstId: 100))
        {
            var found = store.Store.Found;
            Assert.True(found.Condition == FoundCondition.Damaged || store.Log.LastOp == 12, what);
            Assert.True(found.Condition == FoundCondition.Whole || store.Log.LastOp < 12, what);
            Assert.All(found.DamagedOps, op => Assert.True(op <= found.CommitOp && op <= store.Log.LastOp, what));
            for (var op = 1ul; op <= store.Log.LastOp; op++)
            {
                var read = store.Store.ReadEntries(op, op, 0, 1);
                if (read.DamagedOp is null)
                {
                    Assert.Equal(_entries[(int)op - 1].Bytes(), read.Entries[0].ToArray());
                }
                else
                {
                    store.Rewrite(_entries[(int)op - 1]);
                }
            }

            for (var op = store.Log.LastOp; op < 12; op++)
            {
                store.Append(_entries[(int)op]);
            }

            store.Settle();
            store.UntilMended();
            Assert.True(store.Log.IsIndexComplete, what);
            Assert.Equal(_entries.Select(entry => entry.Bytes()), store.ReadAll(12));
            Assert.All(_entries, entry => Assert.True(store.Store.TryFindId(Dymes.Testing.Frames.First(entry.Body).Id, out _, out _), what));
        }

        using var again = new ReplicaStore(files, options);
        Assert.Equal((FoundCondition.Whole, 12ul), (again.Store.Found.Condition, again.Log.LastOp));
        Assert.Equal(_entries.Select(entry => entry.Bytes()), again.ReadAll(12));
    }

    private long PlaceOf(ulong op)
    {
        using var store = new ReplicaStore(_files);
        return store.Store.Segments[0].PlaceOf(op).Offset;
    }

    private void Fill(int count, StoreOptions options, ulong commit = 0, bool writesHint = false, int perBatch = 1)
    {
        using var store = new ReplicaStore(_files, options, starts: false);
        var isStarted = false;
        for (var i = 0; i < count; i++)
        {
            _entries.Add(store.Append(store.Draft($"message {i}")));
            if ((i + 1) % perBatch == 0)
            {
                if (!isStarted)
                {
                    store.Store.Start(store);
                    isStarted = true;
                }

                store.Settle();
            }
        }

        store.Log.CommitTo(commit);
        if (writesHint)
        {
            store.Store.WriteState(state => state with { CommitHint = commit });
        }
    }
}
