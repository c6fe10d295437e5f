using Dymes.MessageStore.Verification;
using Dymes.Testing.Simulation;

namespace Dymes.MessageStore.Tests.Replication;

/// <summary>
/// Entries, cuts, commits and hard states in any order on a disk that dies amid some step, in every way that it may be found afterwards, several lives long: the log is as it was after some
/// change, none before the last that was said to be durable, and goes on from there.
/// </summary>
public sealed class ReplicaCrashTests
{
    [Theory]
    [InlineData(CrashMode.LoseUnflushed, 120)]
    [InlineData(CrashMode.KeepUnflushed, 50)]
    [InlineData(CrashMode.Tear, 220)]
    [InlineData(CrashMode.KillProcess, 80)]
    public void What_was_said_to_be_durable_is_there_and_what_was_cut_off_is_not(CrashMode mode, int seeds)
    {
        for (var seed = 0; seed < seeds; seed++)
        {
            var history = new ReplicaHistory(seed);
            var files = new SimulatedFileSystem();
            for (var life = 0; life < 4; life++)
            {
                history.Live(files, crashesWithin: 90);
                files = files.Crash(mode, seed + life);
            }

            history.Live(files, crashesWithin: null);
            Assert.True(new StoreVerifier(files, ReplicaStore.Directory).Check() is { IsSound: true }, $"seed {seed}: the files are sound after a clean close");
        }
    }
}
