using Dymes.MessageStore.Files;

namespace Dymes.Testing;

/// <summary>Passes all on to another file system: to derive disks from that are wrong in one point.</summary>
public abstract class PassingFileSystem(IFileSystem inner) : IFileSystem
{
    public void CreateDirectory(string path) => inner.CreateDirectory(path);

    public bool FileExists(string path) => inner.FileExists(path);

    public IReadOnlyList<string> ListFiles(string directory) => inner.ListFiles(directory);

    public virtual IDataFile Open(string path, DataFileMode mode) => inner.Open(path, mode);

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void Delete(string path) => inner.Delete(path);

    public void FlushDirectory(string directory) => inner.FlushDirectory(directory);

    public IDisposable? TryLock(string path) => inner.TryLock(path);

    public long FreeBytes(string directory) => inner.FreeBytes(directory);

    /// <summary>Passes all on to another file.</summary>
    protected abstract class PassingFile(IDataFile file) : IDataFile
    {
        public long Length => file.Length;

        public virtual int Read(Span<byte> buffer, long offset) => file.Read(buffer, offset);

        public virtual void Expect(long offset, int length) => file.Expect(offset, length);

        public void Write(ReadOnlySpan<byte> bytes, long offset) => file.Write(bytes, offset);

        public void WriteBlocks(ReadOnlySpan<byte> blocks, long offset) => file.WriteBlocks(blocks, offset);

        public void Flush() => file.Flush();

        public void SetLength(long length) => file.SetLength(length);

        public IFileView Map() => file.Map();

        public void Dispose() => file.Dispose();
    }
}
