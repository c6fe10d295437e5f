using Dymes.Common;
using Dymes.MessageStore.Verification;
using Dymes.Testing.Simulation;

namespace Dymes.MessageStore.Tests.Replication;

public sealed class VerifyReplicaTests
{
    private readonly SimulatedFileSystem _files = new();

    private static StoreOptions TinySegments => ReplicaStore.Options with { SegmentMessagesMax = 2 };

    private StoreVerifier Verifier => new(_files, ReplicaStore.Directory);

    [Fact]
    public void Segments_that_wait_for_commit_and_cuts_are_no_faults()
    {
        Fill(_files);

        var report = Verifier.Check();

        Assert.True(report.IsSound, string.Join("; ", report.Faults));
        Assert.Equal((9, 10), (report.Messages, report.Entries));
        Assert.Equal([true, true, false, false, false], report.Segments.Select(segment => segment.IsSealed));
    }

    [Fact]
    public void A_cut_that_the_next_start_completes_is_no_fault()
    {
        for (var step = 1; step < 40; step++)
        {
            var files = new SimulatedFileSystem();
            Fill(files, step);
            var found = files.Crash((CrashMode)(step % 4), step);

            var report = new StoreVerifier(found, ReplicaStore.Directory).Check();

            var isCutUnderWay = JournalFile.Inspect(found, $"{ReplicaStore.Directory}/{JournalFile.FileName}").State?.Cut is not null;
            Assert.True(!isCutUnderWay || report.IsSound, string.Join("; ", report.Faults));
        }
    }

    [Fact]
    public void Damage_in_a_segment_that_waits_is_not_cut_off()
    {
        Fill(_files);
        var path = $"{ReplicaStore.Directory}/dymes_00000003.msg";
        _files.FlipBit(path, (128 + 64 + 128 + 130) * 8);

        var report = Verifier.Repair(cutTail: true);

        Assert.Equal((VerifyFaultKind.Messages, path), (report.Faults[0].Kind, report.Faults[0].Path));
        Assert.Equal(VerifyFaultKind.Messages, Assert.Single(Verifier.Check().Faults).Kind);
    }

    [Fact]
    public void A_replica_whose_journal_was_made_anew_knows_that_it_lost_its_promises()
    {
        Fill(_files);
        var journal = $"{ReplicaStore.Directory}/{JournalFile.FileName}";
        _files.FlipBit(journal, 4100 * 8);
        _files.FlipBit(journal, 8200 * 8);

        Assert.Equal(VerifyFaultKind.Journal, Assert.Single(Verifier.Repair(cutTail: false).Faults).Kind);

        using var store = new ReplicaStore(_files, TinySegments);
        Assert.Equal((FoundCondition.Damaged, false, 10ul), (store.Store.Found.Condition, store.Store.HardState.IsEnrolled, store.Log.LastOp));
    }

    [Fact]
    public void Damaged_sessions_are_reported_and_removed()
    {
        Fill(_files);
        _files.FlipBit($"{ReplicaStore.Directory}/dymes.sessions", 161 * 8);

        Assert.Equal(VerifyFaultKind.Sessions, Assert.Single(Verifier.Repair(cutTail: false).Faults).Kind);
        Assert.True(Verifier.Check().IsSound);
    }

    // Nine messages, of which the last five were made twice, and a registration; the first four are committed.
    private static void Fill(SimulatedFileSystem files, int crashAt = int.MaxValue)
    {
        var store = new ReplicaStore(files, TinySegments);
        try
        {
            store.Store.SaveSessions(2, [1, 2, 3]);
            store.Append(TestEntry.Of(store.Log.Tail, EntryKind.Registration, 0, []));
            for (var i = 0; i < 9; i++)
            {
                store.Append(store.Draft($"message {i}"));
                store.Settle();
            }

            store.Log.CommitTo(5);
            files.CrashAtStep(crashAt == int.MaxValue ? long.MaxValue : files.Steps + crashAt);
            store.TruncateAfter(5);
            for (var i = 4; i < 9; i++)
            {
                store.Append(store.Draft($"message {i}"));
            }

            store.Settle();
        }
        catch (IOException)
        {
            // the disk stopped where it was told to
        }
        finally
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
    }
}
