using Dymes.MessageStore.Files;

namespace Dymes.MessageStore.Tests.Files;

/// <summary>The real disk, as far as the simulated one cannot stand for it.</summary>
public sealed class OsFileSystemTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-files-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Blocks_past_the_page_cache_and_bytes_through_it_are_one_file()
    {
        var random = new Random(1);
        using var file = OsFileSystem.Instance.Open(Path.Combine(_directory.FullName, "mixed"), DataFileMode.Create);
        var expected = new byte[64 * BlockBuffer.BlockBytes];
        var buffer = new BlockBuffer(1);
        for (var round = 0; round < 200; round++)
        {
            var bytes = new byte[random.Next(1, 9 * BlockBuffer.BlockBytes)];
            random.NextBytes(bytes);
            var offset = random.Next(expected.Length - (10 * BlockBuffer.BlockBytes));
            if (round % 2 == 0)
            {
                file.Write(bytes, offset);
            }
            else
            {
                offset = (int)BlockBuffer.RoundUp(offset);
                Array.Resize(ref bytes, (int)BlockBuffer.RoundUp(bytes.Length));
                buffer.EnsureCapacity(bytes.Length);
                bytes.CopyTo(buffer.Bytes);
                file.WriteBlocks(buffer.Bytes[..bytes.Length], offset);
            }

            bytes.CopyTo(expected, offset);
            file.Flush();
            var read = new byte[expected.Length];
            Assert.Equal(file.Length, file.Read(read, 0));
            Assert.True(expected.AsSpan(0, (int)file.Length).SequenceEqual(read.AsSpan(0, (int)file.Length)), $"round {round}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(300_000)]
    public void What_the_disk_has_is_read_to_the_end_of_the_file(int length)
    {
        var path = Path.Combine(_directory.FullName, "disk");
        var bytes = new byte[length];
        new Random(2).NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
        using var file = OsFileSystem.Instance.Open(path, DataFileMode.ReadDisk);
        var buffer = new BlockBuffer((int)BlockBuffer.RoundUp(length) + BlockBuffer.BlockBytes);

        Assert.Equal(length, file.Read(buffer.Bytes[..((int)BlockBuffer.RoundUp(length) + BlockBuffer.BlockBytes)], 0));

        Assert.True(buffer.Bytes[..length].SequenceEqual(bytes));
    }

    [Fact]
    public void A_buffer_of_blocks_begins_at_a_block_and_keeps_its_bytes_when_it_grows()
    {
        var buffer = new BlockBuffer(100);
        buffer.Bytes[99] = 7;
        for (var capacity = 1_000; capacity < 1_000_000; capacity *= 3)
        {
            buffer.EnsureCapacity(capacity);
            Assert.True(buffer.Capacity >= capacity);
            Assert.Equal(7, buffer.Bytes[99]);
            unsafe
            {
                fixed (byte* start = buffer.Bytes)
                {
                    Assert.Equal(0u, (nuint)start % BlockBuffer.BlockBytes);
                }
            }
        }
    }
}
