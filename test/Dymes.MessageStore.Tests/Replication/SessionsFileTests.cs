using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.Testing.Simulation;

namespace Dymes.MessageStore.Tests.Replication;

public sealed class SessionsFileTests
{
    private const string File = $"{ReplicaStore.Directory}/dymes.sessions";
    private readonly SimulatedFileSystem _files = new();

    [Fact]
    public void The_sessions_that_were_saved_last_are_found()
    {
        using (var store = new ReplicaStore(_files))
        {
            Assert.Null(store.Store.LoadSessions());
            store.Store.SaveSessions(3, [1, 2, 3]);
            store.Store.SaveSessions(9, [4, 5]);
        }

        using var again = new ReplicaStore(_files);
        var found = again.Store.LoadSessions()!;
        Assert.Equal((9ul, "0405"), (found.Op, Convert.ToHexString(found.Bytes.Span)));
    }

    [Fact]
    public void Damaged_sessions_are_as_none()
    {
        using var store = new ReplicaStore(_files);
        store.Store.SaveSessions(9, [4, 5, 6]);
        var bits = _files.ReadAll(File).Length * 8;
        for (var bit = 0; bit < bits; bit++)
        {
            _files.FlipBit(File, bit);
            Assert.Null(store.Store.LoadSessions());
            _files.FlipBit(File, bit);
        }

        Assert.NotNull(store.Store.LoadSessions());
    }

    [Fact]
    public void A_crash_leaves_the_sessions_before_or_the_new_ones()
    {
        for (var step = 1; step <= 5; step++)
        {
            for (var seed = 0; seed < 20; seed++)
            {
                var files = new SimulatedFileSystem();
                var store = new ReplicaStore(files);
                store.Store.SaveSessions(1, [1]);
                files.CrashAtStep(files.Steps + step);
                var isSaved = IsSaved(store);
                using var again = new ReplicaStore(files.Crash((CrashMode)(seed % 4), seed));
                Assert.Contains(again.Store.LoadSessions()!.Op, isSaved ? [2ul] : (ulong[])[1, 2]);
            }
        }
    }

    [Fact]
    public void Sessions_of_another_cluster_are_refused()
    {
        using (var store = new ReplicaStore(_files))
        {
            store.Store.SaveSessions(9, [4]);
        }

        var bytes = _files.ReadAll(File);
        using var other = new ReplicaStore(_files, ReplicaStore.Options with { ClusterId = 43, Directory = "/other" });
        using (var file = _files.Open("/other/dymes.sessions", DataFileMode.Create))
        {
            file.Write(bytes, 0);
        }

        Assert.Equal(ErrorCode.ForeignFile, Assert.Throws<DymesException>(() => other.Store.LoadSessions()).Code);
    }

    private static bool IsSaved(ReplicaStore store)
    {
        try
        {
            store.Store.SaveSessions(2, [2]);
            return true;
        }
        catch (IOException)
        {
            return false;
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
