using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Dymes.MessageStore.Files;

/// <summary>The operating system's files.</summary>
public sealed class OsFileSystem : IFileSystem
{
    /// <summary>The one instance.</summary>
    public static OsFileSystem Instance { get; } = new();

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            return;
        }

        var parent = Path.GetDirectoryName(full);
        if (parent is not null)
        {
            CreateDirectory(parent);
        }

        Directory.CreateDirectory(full);
        if (parent is not null)
        {
            FlushDirectory(parent);
        }
    }

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        var names = Directory.GetFiles(directory).Select(path => Path.GetFileName(path)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    /// <inheritdoc/>
    public IDataFile Open(string path, DataFileMode mode)
    {
        var (fileMode, access) = mode switch
        {
            DataFileMode.Read => (FileMode.Open, FileAccess.Read),
            DataFileMode.ReadWrite => (FileMode.Open, FileAccess.ReadWrite),
            _ => (FileMode.Create, FileAccess.ReadWrite),
        };
        return new OsFile(path, File.OpenHandle(path, fileMode, access, FileShare.ReadWrite | FileShare.Delete), access);
    }

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    public void FlushDirectory(string directory)
    {
        if (!OperatingSystem.IsWindows())
        {
            PosixFile.FlushDirectory(directory);
        }
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or PathTooLongException or FileNotFoundException))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public long FreeBytes(string directory) => new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;

    private sealed class OsFile(string path, SafeFileHandle handle, FileAccess access) : IDataFile
    {
        private const int DiskFullLinux = 28;
        private const int QuotaExceededLinux = 122;
        private const int DiskFullWindows = unchecked((int)0x80070070);

        public long Length => RandomAccess.GetLength(handle);

        public int Read(Span<byte> buffer, long offset)
        {
            var total = 0;
            while (total < buffer.Length)
            {
                var read = RandomAccess.Read(handle, buffer[total..], offset + total);
                if (read == 0)
                {
                    break;
                }

                total += read;
            }

            return total;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            try
            {
                RandomAccess.Write(handle, bytes, offset);
            }
            catch (IOException error) when (IsDiskFull(error))
            {
                throw new DiskFullException($"No room to write {bytes.Length} bytes to {path}.", error);
            }
        }

        public void Flush()
        {
            if (OperatingSystem.IsLinux())
            {
                PosixFile.FlushData(handle, path);
            }
            else
            {
                RandomAccess.FlushToDisk(handle);
            }
        }

        public void SetLength(long length) => RandomAccess.SetLength(handle, length);

        public IFileView Map() => new MappedView(handle, RandomAccess.GetLength(handle));

        public void Dispose() => handle.Dispose();

        public override string ToString() => $"{path} ({access})";

        private static bool IsDiskFull(IOException error) =>
            error.HResult is DiskFullWindows or DiskFullLinux or QuotaExceededLinux || (error.HResult & 0xFFFF) is DiskFullLinux;
    }

    private sealed unsafe class MappedView : IFileView
    {
        private readonly MemoryMappedFile _file;
        private readonly MemoryMappedViewAccessor _accessor;
        private readonly byte* _start;
        private readonly int _length;

        public MappedView(SafeFileHandle handle, long length)
        {
            _length = checked((int)length);
            _file = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _accessor = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            byte* start = null;
            _accessor.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            _start = start + _accessor.PointerOffset;
        }

        public ReadOnlySpan<byte> Bytes => new(_start, _length);

        public void Dispose()
        {
            _accessor.SafeMemoryMappedViewHandle.ReleasePointer();
            _accessor.Dispose();
            _file.Dispose();
        }
    }
}
