using Dymes.Common;
using Dymes.Message;
using Dymes.Testing;
using Dymes.Testing.Simulation;

namespace Dymes.MessageStore.Tests.Replication;

/// <summary>Both files of a sealed segment go bad under a running replica: its message file in one place, its index file everywhere.</summary>
public sealed class RottenSegmentTests
{
    private const string MessageFile = $"{ReplicaStore.Directory}/dymes_00000001.msg";
    private const string IndexFile = $"{ReplicaStore.Directory}/dymes_00000001.idx";
    private readonly SimulatedFileSystem _files = new();
    private readonly List<TestEntry> _entries = [];
    private ulong _nextId = 1;

    private static StoreOptions Options => ReplicaStore.Options with { SegmentMessagesMax = 16 };

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Wherever_some_bytes_go_bad_the_group_gives_back_what_is_lost_and_nothing_needs_a_restart(int bytes)
    {
        var troubles = HealEverywhere(bytes, out var places);
        Assert.True(troubles.Count == 0, $"{troubles.Count} of {places} places:\n{string.Join('\n', troubles)}");
    }

    /// <summary>Where several marks are gone with all that is between them, nobody knows where that was: it is refused then, and no whole entry is written over.</summary>
    [Fact]
    public void Where_a_sector_goes_bad_most_is_given_back_and_nothing_is_written_into_a_place_that_nobody_knows()
    {
        var troubles = HealEverywhere(512, out var places);
        Assert.True(troubles.Count < places / 20, $"{troubles.Count} of {places} places:\n{string.Join('\n', troubles)}");
    }

    private List<string> HealEverywhere(int bytes, out int places)
    {
        Fill();
        var length = _files.ReadAll(MessageFile).Length;
        var troubles = new List<string>();
        places = 0;
        for (var place = 0; place < length; place += 16)
        {
            places++;
            if (Heal(_files.Crash(CrashMode.KeepUnflushed), place, Math.Min(bytes, length - place)) is { } trouble)
            {
                troubles.Add($"at {place}: {trouble}");
            }
        }

        return troubles;
    }

    private string? Heal(SimulatedFileSystem files, int place, int bytes)
    {
        var before = files.ReadAll(MessageFile);
        string? trouble = null;
        using (var store = new ReplicaStore(files, Options, firstId: 1000))
        {
            for (var at = place; at < place + bytes; at++)
            {
                files.FlipBit(MessageFile, (8L * at) + 3);
            }

            for (var bit = 8 * 600L; bit < 8 * (files.ReadAll(IndexFile).Length - 80L); bit += 8 * 37)
            {
                files.FlipBit(IndexFile, bit);
            }

            try
            {
                Mend(store);
            }
            catch (Exception error) when (error is DymesException or Xunit.Sdk.XunitException)
            {
                trouble = error.Message;
            }
        }

        var after = files.ReadAll(MessageFile);
        Assert.Equal(before[..place], after[..place]);
        Assert.Equal(before[(place + bytes)..], after[(place + bytes)..]);
        return trouble;
    }

    private void Mend(ReplicaStore store)
    {
        for (var again = 0; again < 3 && !Knows(store); again++)
        {
            store.MendAll(_entries);
        }

        Assert.True(Knows(store), "the index is made again");
        for (var op = 1ul; op <= (ulong)_entries.Count; op++)
        {
            if (store.Store.ReadEntries(op, op, 0, 1).DamagedOp is not null)
            {
                store.Rewrite(_entries[(int)op - 1]);
            }
        }

        store.UntilMended();
        Assert.Equal(_entries.Select(entry => entry.Bytes()), store.ReadAll((ulong)_entries.Count));
    }

    private static bool Knows(ReplicaStore store)
    {
        try
        {
            lock (store.Store.Gate)
            {
                return store.Store.FindChannel(new ChannelId(3)) is not null;
            }
        }
        catch (DymesException error) when (error.Code == ErrorCode.StorageDamaged)
        {
            return false;
        }
        finally
        {
            store.Store.WakeDisk();
        }
    }

    // Batches of one and of several entries: with messages, with an answer behind them, and with nothing.
    private void Fill()
    {
        using var store = new ReplicaStore(_files, Options, starts: false);
        Batch(store, 2, 0, 1);
        store.Store.Start(store);
        foreach (var batch in new int[][] { [1], [0], [3, 2, 0, 0, 1], [1, 1], [2], [1, 1], [1] })
        {
            lock (store.Store.Gate)
            {
                Batch(store, batch);
            }

            store.Store.WakeDisk();
            store.Settle();
        }

        lock (store.Store.Gate)
        {
            store.Log.CommitTo(store.Log.LastOp);
        }

        store.Store.WakeDisk();
    }

    private void Batch(ReplicaStore store, params int[] messages)
    {
        foreach (var count in messages)
        {
            MessageDraft[] drafts = [.. Enumerable.Range(0, count).Select(_ => new MessageDraft($"message {_nextId}") { Id = new MessageId(_nextId++), Channel = new ChannelId(3) })];
            _entries.Add(store.Append(count == 0 ? TestEntry.Of(store.Log.Tail, EntryKind.NoOp, 0, []) : TestEntry.Messages(store.Log.Tail, drafts, answerBytes: 16 * (count - 1))));
        }
    }
}
