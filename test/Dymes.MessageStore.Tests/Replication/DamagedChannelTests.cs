using Dymes.Common;
using Dymes.Message;
using Dymes.Testing;
using Dymes.Testing.Simulation;

namespace Dymes.MessageStore.Tests.Replication;

/// <summary>Appends while both files of the segment are damaged in which their channel or their id must be looked up.</summary>
public sealed class DamagedChannelTests
{
    private const string MessageFile = $"{ReplicaStore.Directory}/dymes_00000001.msg";
    private const string IndexFile = $"{ReplicaStore.Directory}/dymes_00000001.idx";
    private static readonly ChannelId Old = new(3);
    private static readonly ChannelId Other = new(4);
    private readonly SimulatedFileSystem _files = new();
    private readonly List<TestEntry> _entries = [];

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private static StoreOptions TinySegments => ReplicaStore.Options with { SegmentMessagesMax = 2 };

    [Fact]
    public void A_member_takes_an_entry_of_the_others_and_knows_its_channel_once_that_is_mended()
    {
        using var store = OpenDamaged();
        _entries.Add(store.Append(store.Draft("third of it")));
        _entries.Add(store.Append(store.Draft("fourth of it")));
        Assert.Throws<DymesException>(() => Locked(store, () => store.Store.FindChannel(Old)));

        store.MendAll(_entries);

        var channel = Locked(store, () => store.Store.FindChannel(Old))!;
        Assert.Equal((4ul, Lsn.First), (channel.BaseCount + (ulong)channel.Count, channel.FirstLsn));
        Assert.Equal([1ul], store.Damaged.Distinct());
    }

    [Fact]
    public void A_segment_is_sealed_when_what_it_must_say_of_a_channel_is_mended()
    {
        using (var store = OpenDamaged())
        {
            _entries.Add(store.Append(store.Draft("third of it")));
            _entries.Add(store.Append(store.Draft("fourth of it")));
            _entries.Add(store.Append(store.Draft("fifth of it"))); // the segment of the two before grows no more
            Locked(store, () => store.Log.CommitTo(store.Log.LastOp));
            store.Settle();
            store.UntilDamaged(1);
            store.Rewrite(_entries[0]);
            store.UntilMended();
            Assert.True(SpinWait.SpinUntil(() => _files.ListFiles(ReplicaStore.Directory).Contains("dymes_00000003.idx"), Deadline), "the segment is sealed in time");
        }

        using var again = new ReplicaStore(_files, TinySegments);
        Assert.Equal((0ul, 2ul, 4ul), (CountBefore(again, 1), CountBefore(again, 3), CountBefore(again, 4)));
    }

    [Fact]
    public void A_segment_waits_for_its_sealing_as_long_as_nobody_can_mend_and_is_sealed_when_somebody_can()
    {
        var clock = new ManualClock();
        using var store = OpenDamaged(clock);
        for (var i = 0; i < 17; i++)
        {
            _entries.Add(store.Append(store.Draft("more of it"))); // many segments: whoever fills them does not wait
        }

        Locked(store, () => store.Log.CommitTo(store.Log.LastOp));
        store.Settle();
        store.UntilDamagedAgain(1, 3, clock);
        Assert.DoesNotContain("dymes_00000003.idx", _files.ListFiles(ReplicaStore.Directory));

        store.Rewrite(_entries[0]);

        Assert.True(SpinWait.SpinUntil(() => IsSealed(clock, "dymes_00000010.idx"), Deadline), "all segments are sealed in time");
    }

    [Fact]
    public void An_entry_of_an_id_that_cannot_be_looked_up_is_taken_because_the_primary_has_looked()
    {
        using var store = OpenDamaged();
        var between = new MessageId(500); // between those of the damaged segment
        _entries.Add(store.Append(new MessageDraft("late") { Id = between, Channel = Other }));

        Assert.Equal(5ul, store.Log.LastOp);
        store.MendAll(_entries);
        Assert.True(Locked(store, () => store.Store.TryFindId(between, out _, out _)));
    }

    [Fact]
    public void Who_prepares_an_entry_is_told_at_once_takes_it_back_and_can_prepare_it_once_the_channel_is_mended()
    {
        using var store = OpenDamaged();
        var draft = store.Draft("third of it");
        var tail = store.Log.Tail;
        Locked(store, () =>
        {
            store.Log.Open(1024, 1, 7);
            Assert.Equal(ErrorCode.StorageDamaged, Assert.Throws<DymesException>(() => store.Store.Appender.Append(draft.ToFrame(), draft.Id)).Code);
            store.Log.Abandon();
        });
        Assert.False(store.Log.IsIndexComplete);
        Assert.Equal(tail, store.Log.Tail);

        store.MendAll(_entries);

        _entries.Add(store.Prepare([draft]));
        Assert.Equal(3ul, Locked(store, () => store.Store.FindChannel(Old)) is { } channel ? channel.BaseCount + (ulong)channel.Count : 0);
        store.Settle();
        Assert.Equal(_entries.Select(entry => entry.Bytes()), store.ReadAll(5));
    }

    // Two messages of a channel in the first segment, two of another in the second, and then damage that leaves nobody who knows the first one's channel.
    private ReplicaStore OpenDamaged(TimeProvider? clock = null)
    {
        using (var store = new ReplicaStore(_files, TinySegments))
        {
            _entries.Add(store.Append(store.Draft("first of it") with { Id = new MessageId(1) }));
            _entries.Add(store.Append(store.Draft("second of it") with { Id = new MessageId(1000) }));
            _entries.Add(store.Append(store.Draft("other") with { Id = new MessageId(2000), Channel = Other }));
            _entries.Add(store.Append(store.Draft("other too") with { Id = new MessageId(3000), Channel = Other }));
            store.Append(store.Draft("taken back") with { Id = new MessageId(4000), Channel = Other });
            Locked(store, () => store.Log.CommitTo(4));
            store.TruncateAfter(4);
            store.Settle();
        }

        Assert.Contains("dymes_00000002.idx", _files.ListFiles(ReplicaStore.Directory));
        var opened = new ReplicaStore(_files, TinySegments, firstId: 10_000, clock: clock);
        Assert.True(opened.Log.IsIndexComplete);
        _files.FlipBit(MessageFile, 8 * ((StoreLimits.FileHeaderBytes + StoreLimits.SyncMarkBytes + EntryLimits.HeaderBytes) + (MessageLimits.FrameHeaderBytes / 2)));
        for (var bit = 8 * 600L; bit < 8 * (_files.ReadAll(IndexFile).Length - 80L); bit += 8 * 37)
        {
            _files.FlipBit(IndexFile, bit);
        }

        return opened;
    }

    private bool IsSealed(ManualClock clock, string indexFile)
    {
        clock.Advance(TimeSpan.FromMilliseconds(100));
        return _files.ListFiles(ReplicaStore.Directory).Contains(indexFile);
    }

    private static ulong CountBefore(ReplicaStore store, int segment) => store.Store.Segments[segment - 1].Index.FindChannel(Old)!.BaseCount;

    private static void Locked(ReplicaStore store, Action act) => Locked(store, () =>
    {
        act();
        return true;
    });

    private static T Locked<T>(ReplicaStore store, Func<T> act)
    {
        try
        {
            lock (store.Store.Gate)
            {
                return act();
            }
        }
        finally
        {
            store.Store.WakeDisk(); // it may have found the gate held, and waits for whoever holds it
        }
    }
}
