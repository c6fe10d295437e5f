using Dymes.MessageStore.Files;

namespace Dymes.Engine.Tests.Damaged;

/// <summary>A disk of which one block of one file cannot be read any more.</summary>
internal sealed class BadSector(IFileSystem inner, string path, long offset) : IFileSystem
{
    public void CreateDirectory(string path) => inner.CreateDirectory(path);

    public bool FileExists(string path) => inner.FileExists(path);

    public IReadOnlyList<string> ListFiles(string directory) => inner.ListFiles(directory);

    public IDataFile Open(string opened, DataFileMode mode) => opened == path ? new Broken(inner.Open(opened, mode), offset) : inner.Open(opened, mode);

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void Delete(string path) => inner.Delete(path);

    public void FlushDirectory(string directory) => inner.FlushDirectory(directory);

    public IDisposable? TryLock(string path) => inner.TryLock(path);

    public long FreeBytes(string directory) => inner.FreeBytes(directory);

    private sealed class Broken(IDataFile file, long bad) : IDataFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> buffer, long offset) =>
            offset < bad + BlockBuffer.BlockBytes && offset + buffer.Length > bad ? throw new IOException("Input/output error") : file.Read(buffer, offset);

        public void Expect(long offset, int length) => file.Expect(offset, length);

        public void Write(ReadOnlySpan<byte> bytes, long offset) => file.Write(bytes, offset);

        public void WriteBlocks(ReadOnlySpan<byte> blocks, long offset) => file.WriteBlocks(blocks, offset);

        public void Flush() => file.Flush();

        public void SetLength(long length) => file.SetLength(length);

        public IFileView Map() => file.Map();

        public void Dispose() => file.Dispose();
    }
}
