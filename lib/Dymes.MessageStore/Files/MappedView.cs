using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Dymes.MessageStore.Files;

/// <summary>A file's bytes as memory that the operating system reads as they are used.</summary>
internal sealed unsafe class MappedView : IFileView
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
        if (OperatingSystem.IsLinux())
        {
            PosixFile.ReadNothingAhead(_start, _length);
        }
    }

    public ReadOnlySpan<byte> Bytes => new(_start, _length);

    public void Expect(int offset, int length)
    {
        if (OperatingSystem.IsLinux())
        {
            PosixFile.ReadSoon(_start, offset, length);
        }
    }

    public void Dispose()
    {
        _accessor.SafeMemoryMappedViewHandle.ReleasePointer();
        _accessor.Dispose();
        _file.Dispose();
    }
}
