namespace Dymes.MessageStore.Files;

/// <summary>
/// What the store asks of a disk. The operating system's implementation is <see cref="OsFileSystem"/>; a simulated one loses, keeps and tears what was not flushed.
/// Failures are <see cref="IOException"/>s; a full disk is one that <see cref="DiskFullException"/> names.
/// </summary>
public interface IFileSystem
{
    /// <summary>Creates a directory and its parents, if missing, durably.</summary>
    void CreateDirectory(string path);

    /// <summary>Whether there is a file of this path.</summary>
    bool FileExists(string path);

    /// <summary>The names of the files in a directory, in ordinal order; empty where there is no such directory.</summary>
    IReadOnlyList<string> ListFiles(string directory);

    /// <summary>Opens a file.</summary>
    /// <exception cref="FileNotFoundException">The file is missing, and the mode does not create it.</exception>
    IDataFile Open(string path, DataFileMode mode);

    /// <summary>Gives a file another name in the same directory, replacing what has that name. Durable after <see cref="FlushDirectory"/>.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file, if it is there. Durable after <see cref="FlushDirectory"/>.</summary>
    void Delete(string path);

    /// <summary>Makes the creations, renames and removals in a directory durable.</summary>
    void FlushDirectory(string directory);

    /// <summary>Takes the exclusive lock that a file stands for, creating the file if need be; null where another process holds it.</summary>
    IDisposable? TryLock(string path);

    /// <summary>How many bytes may still be written below a directory.</summary>
    long FreeBytes(string directory);
}

/// <summary>How to open a file.</summary>
public enum DataFileMode
{
    /// <summary>An existing file, to read.</summary>
    Read,

    /// <summary>An existing file, to read and write.</summary>
    ReadWrite,

    /// <summary>A new, empty file, to read and write; one that is there is emptied.</summary>
    Create,

    /// <summary>
    /// An existing file, to read as the disk has it, past the page cache where the system can (<c>O_DIRECT</c>): what is read leaves nothing there, and is not what the cache remembers.
    /// Offsets, lengths and addresses are multiples of <see cref="BlockBuffer.BlockBytes"/>.
    /// </summary>
    ReadDisk,
}

/// <summary>An open file. Reads may run at the same time as each other and as one write.</summary>
public interface IDataFile : IDisposable
{
    /// <summary>The size in bytes.</summary>
    long Length { get; }

    /// <summary>Reads until the buffer is full or the file ends; returns how many bytes were read.</summary>
    int Read(Span<byte> buffer, long offset);

    /// <summary>Says that some bytes are about to be read, so that the disk can be asked for them at once and not one after the other. They need not be there, and it may do nothing.</summary>
    void Expect(long offset, int length);

    /// <summary>Writes all bytes; the file grows as needed. Not durable before <see cref="Flush"/>.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>
    /// Writes whole blocks past the page cache where the system can (<c>O_DIRECT</c>), else as <see cref="Write"/> does: for what is large and seldom read back at once. Not durable
    /// before <see cref="Flush"/>.
    /// </summary>
    /// <param name="blocks">From a <see cref="BlockBuffer"/>: address and length are multiples of <see cref="BlockBuffer.BlockBytes"/>.</param>
    /// <param name="offset">A multiple of <see cref="BlockBuffer.BlockBytes"/>.</param>
    void WriteBlocks(ReadOnlySpan<byte> blocks, long offset);

    /// <summary>Makes everything written to this file durable, its size included.</summary>
    void Flush();

    /// <summary>Cuts the file, or lets it grow with zeros.</summary>
    void SetLength(long length);

    /// <summary>The file's present length as memory, read-only, at most 2^31-1 bytes; shows what becomes of these, and stays valid until it is disposed, also when the file is renamed or removed.</summary>
    IFileView Map();
}

/// <summary>A file's bytes as memory. They are read from the disk where they are touched; nothing is read ahead but what is expected.</summary>
public interface IFileView : IDisposable
{
    /// <summary>The bytes.</summary>
    ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Says that some bytes are about to be read, so that the disk can be asked for them at once and not page by page.</summary>
    void Expect(int offset, int length);
}
