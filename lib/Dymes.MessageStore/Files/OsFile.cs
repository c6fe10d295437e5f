using Microsoft.Win32.SafeHandles;

namespace Dymes.MessageStore.Files;

/// <summary>A file of the operating system.</summary>
/// <param name="path">Where it is.</param>
/// <param name="handle">It, open.</param>
/// <param name="access">What it is open for.</param>
/// <param name="isDirect">Whether it is read past the page cache.</param>
internal sealed class OsFile(string path, SafeFileHandle handle, FileAccess access, bool isDirect) : IDataFile
{
    private bool _isDirect = isDirect;
    private SafeFileHandle? _direct;
    private bool _isDirectRefused;

    public long Length => RandomAccess.GetLength(handle);

    public int Read(Span<byte> buffer, long offset)
    {
        try
        {
            return ReadAll(buffer, offset);
        }
        catch (IOException error) when (_isDirect && error.HResult == PosixFile.InvalidArgument)
        {
            PosixFile.GoThroughCache(handle); // the disk has larger blocks than ours
            _isDirect = false;
            return ReadAll(buffer, offset);
        }
    }

    public void Expect(long offset, int length)
    {
        if (OperatingSystem.IsLinux())
        {
            PosixFile.ReadSoon(handle, offset, length);
        }
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset) => Write(handle, bytes, offset);

    public void WriteBlocks(ReadOnlySpan<byte> blocks, long offset)
    {
        if (!TryWriteDirect(blocks, offset))
        {
            Write(blocks, offset);
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

    public void Dispose()
    {
        _direct?.Dispose();
        handle.Dispose();
    }

    public override string ToString() => $"{path} ({access})";

    private int ReadAll(Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(handle, buffer[total..], offset + total);
            total += read;
            if (read == 0 || (_isDirect && total % BlockBuffer.BlockBytes != 0))
            {
                break; // the file ends
            }
        }

        return total;
    }

    // False where the system or this file system does not do it: then nothing was written.
    private bool TryWriteDirect(ReadOnlySpan<byte> blocks, long offset)
    {
        if (_isDirectRefused)
        {
            return false;
        }

        try
        {
            _direct ??= PosixFile.OpenDirect(path);
            if (_direct is not null)
            {
                Write(_direct, blocks, offset);
                return true;
            }
        }
        catch (IOException error) when (error.HResult == PosixFile.InvalidArgument)
        {
            // larger blocks than ours, or none at all
        }

        _isDirectRefused = true;
        return false;
    }

    private void Write(SafeFileHandle to, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(to, bytes, offset);
        }
        catch (IOException error) when (DiskFullException.IsCauseOf(error))
        {
            throw new DiskFullException($"No room to write {bytes.Length} bytes to {path}.", error);
        }
    }
}
