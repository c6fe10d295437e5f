using Dymes.MessageStore.Files;
using Dymes.Testing.Simulation;

namespace Dymes.MessageStore.Tests.Simulation;

public sealed class SimulatedFileSystemTests
{
    private const string Home = "/data";
    private const string File = "/data/a";
    private readonly SimulatedFileSystem _disk = new();

    public SimulatedFileSystemTests() => _disk.CreateDirectory(Home);

    [Fact]
    public void What_is_written_is_read()
    {
        using var file = _disk.Open(File, DataFileMode.Create);
        file.Write([1, 2, 3], 2);
        var buffer = new byte[10];
        Assert.Equal(5, file.Read(buffer, 0));
        Assert.Equal([0, 0, 1, 2, 3], buffer[..5]);
        Assert.Equal(1, file.Read(buffer, 4));
        Assert.Equal(0, file.Read(buffer, 5));
        Assert.Equal(0, file.Read(buffer, 99));
        Assert.Equal(5, file.Length);
    }

    [Fact]
    public void A_file_that_was_cut_and_grows_again_is_zero()
    {
        using var file = _disk.Open(File, DataFileMode.Create);
        file.Write([1, 2, 3, 4], 0);
        file.SetLength(1);
        file.SetLength(4);
        Assert.Equal([1, 0, 0, 0], _disk.ReadAll(File));
    }

    [Fact]
    public void Names_are_listed_in_order_and_missing_ones_are_refused()
    {
        Create("/data/b", []);
        Create("/data/a", []);
        Assert.Equal(["a", "b"], _disk.ListFiles(Home));
        Assert.Empty(_disk.ListFiles("/elsewhere"));
        Assert.Equal(["/data/a", "/data/b"], _disk.Paths);
        Assert.Throws<FileNotFoundException>(() => _disk.Open("/data/c", DataFileMode.ReadWrite));
        Assert.Throws<FileNotFoundException>(() => _disk.Rename("/data/c", "/data/d"));
        Assert.Throws<DirectoryNotFoundException>(() => _disk.Open("/elsewhere/c", DataFileMode.Create));
        _disk.Delete("/data/c");
    }

    [Fact]
    public void A_rename_replaces_what_had_the_name()
    {
        Create("/data/new", [1]);
        Create(File, [2]);
        _disk.Rename("/data/new", File);
        Assert.Equal(["a"], _disk.ListFiles(Home));
        Assert.Equal([1], _disk.ReadAll(File));
    }

    [Fact]
    public void A_view_shows_its_file_as_it_is_also_when_the_name_is_gone()
    {
        using var file = _disk.Open(File, DataFileMode.Create);
        file.Write([1, 2], 0);
        using var view = file.Map();
        file.Write([9, 9, 9], 0);
        _disk.Delete(File);
        Assert.Equal([9, 9], view.Bytes.ToArray());
    }

    [Fact]
    public void A_file_that_is_open_to_read_is_not_written()
    {
        Create(File, [1]);
        using var file = _disk.Open(File, DataFileMode.Read);
        Assert.Throws<UnauthorizedAccessException>(() => file.Write([2], 0));
        Assert.Throws<UnauthorizedAccessException>(() => file.SetLength(0));
    }

    [Fact]
    public void A_lock_is_held_by_one_until_it_is_released_or_its_holder_crashes()
    {
        var held = _disk.TryLock(File);
        Assert.NotNull(held);
        Assert.Null(_disk.TryLock(File));
        held.Dispose();
        Assert.NotNull(_disk.TryLock(File));
        Assert.NotNull(_disk.Crash(CrashMode.KillProcess).TryLock(File));
    }

    [Theory]
    [InlineData(CrashMode.LoseUnflushed, 2)]
    [InlineData(CrashMode.KeepUnflushed, 5)]
    [InlineData(CrashMode.KillProcess, 5)]
    public void Writes_behind_the_last_flush_are_at_the_mercy_of_the_crash(CrashMode mode, int kept)
    {
        using var file = Durable(File, [1, 2]);
        file.Write([3, 4, 5], 2);
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5 }[..kept], _disk.Crash(mode).ReadAll(File));
    }

    [Fact]
    public void Flushed_writes_survive_every_crash()
    {
        using var file = Durable(File, [1, 2]);
        file.Write([3], 2);
        file.Flush();
        Assert.All(Enum.GetValues<CrashMode>(), mode => Assert.Equal([1, 2, 3], _disk.Crash(mode).ReadAll(File)));
    }

    [Fact]
    public void After_a_killed_process_the_power_may_still_go()
    {
        using var file = Durable(File, [1]);
        file.Write([2], 1);
        var killed = _disk.Crash(CrashMode.KillProcess);
        Assert.Equal([1, 2], killed.ReadAll(File));
        Assert.Equal([1], killed.Crash(CrashMode.LoseUnflushed).ReadAll(File));
    }

    [Fact]
    public void A_torn_write_is_found_in_every_mixture_of_whole_sectors()
    {
        using var file = Durable(File, new byte[4 * 512]);
        file.Write(Filled(4 * 512 - 200, 7), 100);
        var found = Enumerable.Range(0, 300).Select(seed => _disk.Crash(CrashMode.Tear, seed).ReadAll(File)).ToArray();

        Assert.All(found.SelectMany(bytes => bytes.Chunk(512)), sector => Assert.Single(sector[100..^100].Distinct()));
        Assert.Equal(16, found.Select(bytes => Convert.ToHexString([.. bytes.Chunk(512).Select(sector => sector[256])])).Distinct().Count());
        Assert.All(found, bytes => Assert.Equal(new byte[100], bytes[..100]));
    }

    [Fact]
    public void A_sector_is_found_in_one_of_the_states_it_had()
    {
        using var file = Durable(File, [0, 0]);
        file.Write([1], 0);
        file.Write([2], 1);
        file.Write([3], 0);
        var found = Enumerable.Range(0, 200).Select(seed => Convert.ToHexString(_disk.Crash(CrashMode.Tear, seed).ReadAll(File))).Distinct().Order();
        Assert.Equal(["0000", "0100", "0102", "0302"], found);
    }

    [Fact]
    public void A_length_may_reach_the_disk_without_the_bytes_and_the_bytes_without_the_length()
    {
        using var file = Durable(File, [1]);
        file.Write(Filled(2 * 512, 7), 0);
        var found = Enumerable.Range(0, 200).Select(seed => _disk.Crash(CrashMode.Tear, seed).ReadAll(File)).ToArray();
        Assert.Contains(found, bytes => bytes.SequenceEqual(Filled(1, 1)));
        Assert.Contains(found, bytes => bytes.SequenceEqual(Filled(1, 7)));
        Assert.Contains(found, bytes => bytes.Length == 2 * 512 && bytes[1] == 0 && bytes[600] == 0);
        Assert.Contains(found, bytes => bytes.SequenceEqual(Filled(2 * 512, 7)));
    }

    [Fact]
    public void A_file_without_a_flushed_directory_may_have_no_name()
    {
        using (var file = _disk.Open(File, DataFileMode.Create))
        {
            file.Write([1], 0);
            file.Flush();
        }

        Assert.False(_disk.Crash(CrashMode.LoseUnflushed).FileExists(File));
        Assert.Equal([1], _disk.Crash(CrashMode.KeepUnflushed).ReadAll(File));
    }

    [Fact]
    public void A_renamed_file_without_a_flush_of_its_own_may_be_empty()
    {
        Create("/data/new", [1]);
        _disk.Rename("/data/new", File);
        _disk.FlushDirectory(Home);
        Assert.Empty(_disk.Crash(CrashMode.LoseUnflushed).ReadAll(File));
    }

    [Fact]
    public void Changes_of_a_directory_count_in_their_order()
    {
        Create("/data/1", []);
        _disk.FlushDirectory(Home);
        _disk.Rename("/data/1", "/data/2");
        Create("/data/3", []);
        _disk.Delete("/data/2");
        var found = Enumerable.Range(0, 100).Select(seed => string.Join(' ', _disk.Crash(CrashMode.Tear, seed).ListFiles(Home))).Distinct().Order();
        Assert.Equal(["1", "2", "2 3", "3"], found);
    }

    [Fact]
    public void A_crash_stops_its_step_and_all_that_follow()
    {
        using var file = _disk.Open(File, DataFileMode.Create);
        file.Write([1], 0);
        Assert.Equal(2, _disk.Steps);
        _disk.CrashAtStep(3);
        Assert.Throws<SimulatedCrashException>(file.Flush);
        Assert.Throws<SimulatedCrashException>(() => file.Read(new byte[1], 0));
        Assert.Throws<SimulatedCrashException>(() => _disk.FileExists(File));
        Assert.Equal(["a"], _disk.Crash(CrashMode.KeepUnflushed).ListFiles(Home));
        Assert.Empty(_disk.Crash(CrashMode.LoseUnflushed).ListFiles(Home));
    }

    [Fact]
    public void Each_kind_of_change_is_a_step()
    {
        using var file = _disk.Open(File, DataFileMode.Create);
        file.Write([1], 0);
        file.SetLength(7);
        file.Flush();
        _disk.Rename(File, "/data/b");
        _disk.FlushDirectory(Home);
        _disk.Delete("/data/b");
        Assert.Equal(7, _disk.Steps);
    }

    [Fact]
    public void A_write_that_the_crash_catches_may_be_found()
    {
        using var file = Durable(File, [1]);
        _disk.CrashAtStep(_disk.Steps + 1);
        Assert.Throws<SimulatedCrashException>(() => file.Write([2], 0));
        Assert.Equal([2], _disk.Crash(CrashMode.KeepUnflushed).ReadAll(File));
        Assert.Equal([1], _disk.Crash(CrashMode.LoseUnflushed).ReadAll(File));
    }

    [Fact]
    public void After_a_failed_flush_what_was_written_is_seen_and_yet_lost()
    {
        using var file = Durable(File, [1]);
        file.Write([2], 0);
        _disk.FailFlush();
        Assert.Throws<IOException>(file.Flush);
        file.Flush();
        Assert.Equal([2], _disk.ReadAll(File));
        Assert.Equal([1], _disk.Crash(CrashMode.KeepUnflushed).ReadAll(File));
    }

    [Fact]
    public void A_full_disk_refuses_growth_and_takes_nothing_of_it()
    {
        using var file = Durable(File, [1, 2, 3]);
        _disk.CapacityBytes = 5;
        Assert.Equal(2, _disk.FreeBytes(Home));
        Assert.Throws<DiskFullException>(() => file.Write([9, 9, 9, 9], 2));
        Assert.Throws<DiskFullException>(() => file.SetLength(6));
        Assert.Equal([1, 2, 3], _disk.ReadAll(File));
        file.Write([9, 9, 9], 2);
        Assert.Equal(0, _disk.FreeBytes(Home));
        file.SetLength(1);
        Assert.Equal(4, _disk.FreeBytes(Home));
    }

    [Fact]
    public void A_flipped_bit_stays_flipped()
    {
        using var file = Durable(File, [0, 0]);
        _disk.FlipBit(File, 11);
        Assert.Equal([0, 8], _disk.ReadAll(File));
        Assert.Equal([0, 8], _disk.Crash(CrashMode.LoseUnflushed).ReadAll(File));
    }

    [Fact]
    public void The_same_steps_and_seed_give_the_same_disk()
    {
        byte[] Run(int seed)
        {
            var disk = new SimulatedFileSystem();
            disk.CreateDirectory(Home);
            using var file = disk.Open(File, DataFileMode.Create);
            disk.FlushDirectory(Home);
            for (byte write = 1; write < 50; write++)
            {
                file.Write(Filled(700, write), write * 300);
            }

            return disk.Crash(CrashMode.Tear, seed).ReadAll(File);
        }

        Assert.Equal(Run(5), Run(5));
        Assert.NotEqual(Run(5), Run(6));
    }

    private static byte[] Filled(int count, byte value) => [.. Enumerable.Repeat(value, count)];

    private void Create(string path, byte[] bytes)
    {
        using var file = _disk.Open(path, DataFileMode.Create);
        file.Write(bytes, 0);
    }

    private IDataFile Durable(string path, byte[] bytes)
    {
        var file = _disk.Open(path, DataFileMode.Create);
        file.Write(bytes, 0);
        file.Flush();
        _disk.FlushDirectory(Home);
        return file;
    }
}
