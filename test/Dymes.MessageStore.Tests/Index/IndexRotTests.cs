using Dymes.Message;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Index;

namespace Dymes.MessageStore.Tests.Index;

/// <summary>Bytes of an index file that go bad after they were checked, as they do where the kernel reads a page anew, change no answer.</summary>
public sealed class IndexRotTests : IDisposable
{
    private const int PlacesPerSection = 4;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-rot-");

    public static TheoryData<int, bool> Sections =>
        [.. from section in Enumerable.Range(1, IndexFileLayout.SectionCount - 2) from isInIdOrder in new[] { true, false } select new TheoryDataRow<int, bool>(section, isInIdOrder)];

    private string Path => System.IO.Path.Combine(_directory.FullName, "dymes_00000001.idx");

    [Theory]
    [MemberData(nameof(Sections))]
    public void No_answer_leaves_anything_out(int section, bool isInIdOrder)
    {
        var sample = new SampleIndex(isInIdOrder);
        sample.Write(OsFileSystem.Instance, Path);
        var whole = File.ReadAllBytes(Path);
        var (start, length) = PlaceOf(section, whole);
        Assert.Equal(length == 0, section == (int)IndexSection.IdOrder && isInIdOrder);
        for (var place = 0; place < PlacesPerSection && length > 0; place++)
        {
            var rebuilt = 0;
            var file = SampleIndex.TryOpen(OsFileSystem.Instance, Path)!;
            using var index = new SelfHealingIndex(file, () =>
            {
                rebuilt++;
                sample.Write(OsFileSystem.Instance, Path);
                return SampleIndex.TryOpen(OsFileSystem.Instance, Path)!;
            });
            file.CheckAll();
            Rot(start + ((length - 1) * place / (PlacesPerSection - 1)));

            AnswersAlike(sample.Rows, index);
            index.RequireEntries(0, 1);
            Assert.Equal(1, rebuilt);
            Assert.Equal(whole, File.ReadAllBytes(Path));
        }
    }

    [Fact]
    public void A_place_that_went_bad_is_made_again_and_one_that_did_not_is_left()
    {
        var sample = new SampleIndex();
        sample.Write(OsFileSystem.Instance, Path);
        var rebuilt = 0;
        using var index = new SelfHealingIndex(SampleIndex.TryOpen(OsFileSystem.Instance, Path)!, () =>
        {
            rebuilt++;
            sample.Write(OsFileSystem.Instance, Path);
            return SampleIndex.TryOpen(OsFileSystem.Instance, Path)!;
        });
        var place = index.LocationAt(5_000);
        Assert.False(index.HealLocation(5_000));

        Rot(PlaceOf((int)IndexSection.Locations, File.ReadAllBytes(Path)).Start + (5_000 * 8));
        Assert.NotEqual(place, index.LocationAt(5_000));

        Assert.True(index.HealLocation(5_000));
        Assert.Equal((place, 1), (index.LocationAt(5_000), rebuilt));
        Assert.False(index.HealLocation(5_000));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static (int Start, int Length) PlaceOf(int section, byte[] file)
    {
        var record = IndexFileLayout.DirectoryOffset + (section * IndexFileLayout.DirectoryRecordBytes);
        return ((int)BitConverter.ToInt64(file, record), (int)BitConverter.ToInt64(file, record + 8));
    }

    // Each bit of the byte: no value that was there is left.
    private void Rot(int offset)
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = offset;
        var value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)~value);
    }

    private static void AnswersAlike(ActiveIndex rows, SelfHealingIndex index)
    {
        index.RequireOrder();
        var (expected, found) = (new int[40], new int[40]);
        for (var row = 0; row < SampleIndex.Count; row++)
        {
            var id = rows.IdAt(row);
            Assert.Equal(row, index.FindId(id));
            Assert.Equal(-1, index.FindId(new MessageId(id.Value + 1)));
            Assert.Equal(id, index.IdAt(row));
            Assert.Equal(rows.OrderById().RankOf(id, rows), index.OrderById().RankOf(id, index));
        }

        for (var number = 0; number < SampleIndex.ChannelCount + 3_000; number++)
        {
            var channel = SampleIndex.Channel(number);
            Assert.Equal(rows.FindChannel(channel), index.FindChannel(channel));
            Assert.Equal(rows.CopyChannelRows(channel, number, false, expected), index.CopyChannelRows(channel, number, false, found));
            Assert.Equal(expected, found);
            Assert.Equal(rows.CopyChannelRows(channel, number, true, expected), index.CopyChannelRows(channel, number, true, found));
            Assert.Equal(expected, found);
            Assert.Equal(rows.CountChannelRowsBelow(channel, number * 2), index.CountChannelRowsBelow(channel, number * 2));
        }

        for (var row = 0; row < SampleIndex.Count; row++)
        {
            Assert.Equal(rows.CopyChildRows(SampleIndex.Parent(row), row - 7, expected), index.CopyChildRows(SampleIndex.Parent(row), row - 7, found));
            Assert.Equal(expected, found);
            Assert.Equal(0, index.CopyChildRows(SampleIndex.Id(row), 0, found));
        }

        Assert.Equal(rows.ListChannels(null, int.MaxValue), index.ListChannels(null, int.MaxValue));
    }
}
