using Dymes.MessageStore.Files;
using Dymes.Testing;

namespace Dymes.Engine.Tests;

/// <summary>A disk that takes its time for what it was not asked for before. Only message files are on it.</summary>
internal sealed class DistantDisk(IFileSystem inner, ManualClock clock) : IFileSystem
{
    private readonly ManualClock _clock = clock;
    private readonly HashSet<(string Path, long Offset)> _fetched = [];

    /// <summary>How long it takes for a read.</summary>
    public TimeSpan Wait { get; set; }

    /// <summary>How many reads took that long.</summary>
    public int Waits { get; private set; }

    /// <summary>How often it was asked for what was to be read.</summary>
    public int Expectations { get; private set; }

    public void CreateDirectory(string path) => inner.CreateDirectory(path);

    public bool FileExists(string path) => inner.FileExists(path);

    public IReadOnlyList<string> ListFiles(string directory) => inner.ListFiles(directory);

    public IDataFile Open(string path, DataFileMode mode)
    {
        var file = inner.Open(path, mode);
        return path.EndsWith(".msg", StringComparison.Ordinal) ? new Distant(this, path, file) : file;
    }

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void Delete(string path) => inner.Delete(path);

    public void FlushDirectory(string directory) => inner.FlushDirectory(directory);

    public IDisposable? TryLock(string path) => inner.TryLock(path);

    public long FreeBytes(string directory) => inner.FreeBytes(directory);

    private sealed class Distant(DistantDisk disk, string path, IDataFile file) : IDataFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> buffer, long offset)
        {
            if (disk.Wait > TimeSpan.Zero && !disk._fetched.Contains((path, offset)))
            {
                disk.Waits++;
                disk._clock.Advance(disk.Wait);
            }

            return file.Read(buffer, offset);
        }

        public void Expect(long offset, int length)
        {
            disk.Expectations++;
            disk._fetched.Add((path, offset));
            file.Expect(offset, length);
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset) => file.Write(bytes, offset);

        public void WriteBlocks(ReadOnlySpan<byte> blocks, long offset) => file.WriteBlocks(blocks, offset);

        public void Flush() => file.Flush();

        public void SetLength(long length) => file.SetLength(length);

        public IFileView Map() => file.Map();

        public void Dispose() => file.Dispose();
    }
}
