using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dymes.MessageStore.Files;

/// <summary>The two calls of POSIX that .NET does not offer: <c>fdatasync</c>, and <c>fsync</c> of a directory.</summary>
internal static partial class PosixFile
{
    private const int Interrupted = 4;
    private const int ReadOnly = 0;

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

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FdataSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
