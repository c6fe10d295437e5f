using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dymes.MessageStore.Files;

/// <summary>The calls of POSIX that .NET does not offer: <c>fdatasync</c>, <c>fsync</c> of a directory, opening a file past the page cache, and advice on what will be read.</summary>
internal static unsafe partial class PosixFile
{
    /// <summary><c>EINVAL</c>: what a write past the page cache gets where the file system does not do it.</summary>
    public const int InvalidArgument = 22;

    private const int Interrupted = 4;
    private const int SetFlags = 4;
    private const int ReadOnly = 0;
    private const int AdviceRandom = 1;
    private const int AdviceWillNeed = 3;

    public static void FlushData(SafeFileHandle handle, string path)
    {
        while (FdataSync(handle) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                throw new IOException($"fdatasync of {path} failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
            }
        }
    }

    /// <summary>Opens an existing file to be written past the page cache; null where the system does not do that.</summary>
    public static SafeFileHandle? OpenDirect(string path)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (TryGoPastCache(handle))
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    /// <summary>Lets a file be read and written past the page cache from now on; false where the system does not do that.</summary>
    public static bool TryGoPastCache(SafeFileHandle handle) => DirectFlag != 0 && FileControl(handle, SetFlags, DirectFlag) == 0;

    /// <summary>Takes that back.</summary>
    public static void GoThroughCache(SafeFileHandle handle) => FileControl(handle, SetFlags, 0);

    public static void FlushDirectory(string path)
    {
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"Opening directory {path} failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        try
        {
            if (FSync(descriptor) != 0)
            {
                throw new IOException($"fsync of directory {path} failed: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
        finally
        {
            Close(descriptor);
        }
    }

    /// <summary>Without this, one touched byte makes the kernel read megabytes around it: as much as the device's read-ahead says.</summary>
    public static void ReadNothingAhead(byte* start, int length) => Advise(start, (nuint)length, AdviceRandom);

    /// <summary>Has the kernel read some mapped bytes now. It is advice: where it is refused, they are read when they are touched.</summary>
    public static void ReadSoon(byte* start, int offset, int length)
    {
        var within = offset % Environment.SystemPageSize;
        Advise(start + offset - within, (nuint)(length + within), AdviceWillNeed);
    }

    /// <summary>Has the kernel read some bytes of a file now, and does not wait for them. It is advice, too.</summary>
    public static void ReadSoon(SafeFileHandle handle, long offset, int length) => AdviseFile(handle, offset, length, AdviceWillNeed);

    // O_DIRECT, which is not the same on all processors.
    private static int DirectFlag => !OperatingSystem.IsLinux() ? 0 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 0x4000,
        Architecture.Arm64 => 0x10000,
        _ => 0,
    };

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* start, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int AdviseFile(SafeFileHandle handle, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(SafeFileHandle handle, int command, int argument);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FdataSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
