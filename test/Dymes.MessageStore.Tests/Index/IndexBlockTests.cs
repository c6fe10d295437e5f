using Dymes.MessageStore.Files;
using Dymes.MessageStore.Index;
using Dymes.Testing.Simulation;

namespace Dymes.MessageStore.Tests.Index;

/// <summary>An index file is checked block by block, where it is touched. Which blocks a lookup touches shows in the damage that it notices.</summary>
public sealed class IndexBlockTests
{
    private const string Path = "/data/dymes_00000001.idx";
    private static readonly SampleIndex Sample = new();
    private static readonly SimulatedFileSystem Written = WriteSample();
    private static readonly byte[] Bytes = Written.ReadAll(Path);
    private static readonly int TableOffset = (int)BitConverter.ToInt64(Bytes, IndexFileLayout.BlockTableOffset);
    private static readonly int Blocks = IndexFileLayout.BlocksUpTo(TableOffset);

    [Fact]
    public void A_lookup_reads_few_of_many_blocks()
    {
        Assert.InRange(Blocks, 30, 100);
        Assert.Equal(0, NoticedBy(static file => _ = (file.Count, file.MinId, file.MaxId, file.Summary)));
        Assert.Equal(1, NoticedBy(static file => file.LocationAt(5_000)));
        Assert.Equal(1, NoticedBy(static file => file.IdAt(5_000)));
        Assert.Equal(1, NoticedBy(static file => file.FindChannel(SampleIndex.Channel(SampleIndex.ChannelCount + 7))));
        Assert.InRange(NoticedBy(static file => file.FindId(SampleIndex.Id(5_000))), 1, 6);
        Assert.InRange(NoticedBy(static file => file.FindChannel(SampleIndex.Channel(17))), 2, 6);
        Assert.InRange(NoticedBy(static file => file.CopyChannelRows(SampleIndex.Channel(17), 0, false, new int[10])), 2, 7);
        Assert.InRange(NoticedBy(static file => file.CopyChildRows(SampleIndex.Parent(300), 0, new int[10])), 2, 5);
        Assert.Equal(Blocks, NoticedBy(static file => file.CheckAll()));
    }

    [Fact]
    public void Damage_is_named_by_file_and_offset()
    {
        for (var block = 0; block < Blocks; block++)
        {
            var start = IndexFileLayout.StartOf(block);
            using var file = OpenDamaged(Math.Min(start + 8_000, TableOffset - 70));
            var damage = Assert.Throws<IndexDamagedException>(file.CheckAll);
            Assert.Equal(start, damage.Offset);
            Assert.Contains(Path, damage.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_check_notices_damage_anywhere()
    {
        for (var offset = 0; offset < Bytes.Length; offset += offset < IndexFileLayout.SectionsOffset || offset >= TableOffset ? 1 : 499)
        {
            var files = Damaged(offset);
            using var file = SampleIndex.TryOpen(files, Path);
            Assert.True(file is null || Record.Exception(file.CheckAll) is IndexDamagedException, $"byte {offset} is wrong, and nobody noticed");
        }
    }

    [Fact]
    public void Damage_in_the_table_of_checksums_is_found_by_whatever_comes_first()
    {
        for (var offset = TableOffset; offset < Bytes.Length; offset++)
        {
            using var file = OpenDamaged(offset);
            var damage = Assert.Throws<IndexDamagedException>(() => file.LocationAt(0));
            Assert.Equal(TableOffset, damage.Offset);
        }
    }

    [Fact]
    public void Damage_disturbs_nobody_who_does_not_touch_it_and_is_healed_when_it_is_touched()
    {
        var files = Damaged(OffsetOf(IndexSection.Locations) + (SampleIndex.Count - 1) * 8);
        var rebuilt = 0;
        using var index = new SelfHealingIndex(SampleIndex.TryOpen(files, Path)!, () =>
        {
            rebuilt++;
            Sample.Write(files, Path);
            return SampleIndex.TryOpen(files, Path)!;
        });
        Assert.Equal(Sample.Rows.LocationAt(0), index.LocationAt(0));
        Assert.Equal(Sample.Rows.FindChannel(SampleIndex.Channel(3)), index.FindChannel(SampleIndex.Channel(3)));
        Assert.Equal(SampleIndex.Count, index.IdempotencyRecords.Count * 100);
        Assert.Equal(0, rebuilt);
        Assert.NotEqual(Bytes, files.ReadAll(Path));

        Assert.Equal(Sample.Rows.LocationAt(SampleIndex.Count - 1), index.LocationAt(SampleIndex.Count - 1));
        Assert.Equal(1, rebuilt);
        Assert.Equal(Bytes, files.ReadAll(Path));
    }

    [Theory]
    [InlineData(-16)]
    [InlineData(16)]
    [InlineData(-20_000)]
    public void A_file_of_another_length_is_not_opened(int difference)
    {
        var files = Damaged(null);
        using (var file = files.Open(Path, DataFileMode.ReadWrite))
        {
            file.SetLength(Bytes.Length + difference);
        }

        Assert.Null(SampleIndex.TryOpen(files, Path));
    }

    // How many blocks there are whose damage a lookup notices, each on a file of its own.
    private static int NoticedBy(Action<IndexFile> lookup) => Enumerable.Range(0, Blocks).Count(block =>
    {
        using var file = OpenDamaged(IndexFileLayout.StartOf(block));
        return Record.Exception(() => lookup(file)) switch
        {
            null => false,
            IndexDamagedException => true,
            var other => throw other,
        };
    });

    private static IndexFile OpenDamaged(int offset) => SampleIndex.TryOpen(Damaged(offset), Path)!;

    private static SimulatedFileSystem Damaged(int? offset)
    {
        var files = Written.Crash(CrashMode.KillProcess);
        if (offset is { } damaged)
        {
            files.FlipBit(Path, 8L * damaged);
        }

        return files;
    }

    private static int OffsetOf(IndexSection section) =>
        (int)BitConverter.ToInt64(Bytes, IndexFileLayout.DirectoryOffset + ((int)section * IndexFileLayout.DirectoryRecordBytes));

    private static SimulatedFileSystem WriteSample()
    {
        var files = new SimulatedFileSystem();
        files.CreateDirectory("/data");
        Sample.Write(files, Path);
        return files;
    }
}
