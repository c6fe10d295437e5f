using Dymes.Message;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Index;
using Dymes.Testing.Simulation;

namespace Dymes.MessageStore.Tests.Index;

/// <summary>An index file says what the index in memory said that it was made from, across the borders of its blocks.</summary>
public sealed class IndexFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-index-");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_of_many_blocks_answers_as_the_index_in_memory(bool isInIdOrder)
    {
        var sample = new SampleIndex(isInIdOrder);
        Assert.Equal(isInIdOrder, sample.Rows.IsInIdOrder);
        var simulated = new SimulatedFileSystem();
        simulated.CreateDirectory("/data");
        AnswersAlike(sample, simulated, "/data/dymes_00000001.idx");
        AnswersAlike(sample, OsFileSystem.Instance, Path.Combine(_directory.FullName, "dymes_00000001.idx"));
    }

    [Fact]
    public void A_check_reads_again_what_was_read_before()
    {
        var path = Path.Combine(_directory.FullName, "dymes_00000001.idx");
        new SampleIndex().Write(OsFileSystem.Instance, path);
        using var file = SampleIndex.TryOpen(OsFileSystem.Instance, path)!;
        file.CheckAll();
        using (var disk = OsFileSystem.Instance.Open(path, DataFileMode.ReadWrite))
        {
            disk.Write("damage"u8, disk.Length / 2);
        }

        Assert.Throws<IndexDamagedException>(file.CheckAll);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static void AnswersAlike(SampleIndex sample, IFileSystem files, string path)
    {
        sample.Write(files, path);
        using var file = SampleIndex.TryOpen(files, path);
        Assert.NotNull(file);
        var rows = sample.Rows;
        Assert.Equal((rows.Count, rows.MinId, rows.MaxId), (file.Count, file.MinId, file.MaxId));
        var order = file.OrderById();
        for (var row = 0; row < SampleIndex.Count; row++)
        {
            Assert.Equal(rows.LocationAt(row), file.LocationAt(row));
            Assert.Equal(rows.IdAt(row), file.IdAt(row));
            Assert.Equal(row, file.FindId(rows.IdAt(row)));
            Assert.Equal(rows.OrderById().RowAt(row), order.RowAt(row));
        }

        Assert.Equal(-1, file.FindId(new MessageId(rows.IdAt(17).Value + 5)));
        for (var number = 0; number < SampleIndex.ChannelCount + 100; number++)
        {
            var channel = SampleIndex.Channel(number);
            Assert.Equal(rows.FindChannel(channel), file.FindChannel(channel));
            Assert.Equal(Rows(rows, channel, 0, false), Rows(file, channel, 0, false));
            Assert.Equal(Rows(rows, channel, int.MaxValue, true), Rows(file, channel, int.MaxValue, true));
            Assert.Equal(Rows(rows, channel, 6_000, true), Rows(file, channel, 6_000, true));
            Assert.Equal(rows.CountChannelRowsBelow(channel, number * 3), file.CountChannelRowsBelow(channel, number * 3));
        }

        for (var row = 0; row < SampleIndex.Count; row += 5)
        {
            var (expected, found) = (new int[4], new int[4]);
            Assert.Equal(rows.CopyChildRows(SampleIndex.Parent(row), row - 3, expected), file.CopyChildRows(SampleIndex.Parent(row), row - 3, found));
            Assert.Equal(expected, found);
        }

        Assert.Equal(rows.ListChannels(null, int.MaxValue), file.ListChannels(null, int.MaxValue));
        Assert.Equal(rows.ListChannels(SampleIndex.Channel(9), 500), file.ListChannels(SampleIndex.Channel(9), 500));
        Assert.Equal(rows.IdempotencyRecords, file.IdempotencyRecords());
        file.CheckAll();
    }

    private static int[] Rows(ISegmentIndex index, ChannelId channel, int from, bool descending)
    {
        var rows = new int[3];
        return rows[..index.CopyChannelRows(channel, from, descending, rows)];
    }
}
