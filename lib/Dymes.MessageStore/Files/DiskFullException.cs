namespace Dymes.MessageStore.Files;

/// <summary>There is no room for a write. Nothing of it counts.</summary>
public sealed class DiskFullException(string message, Exception? innerException = null) : IOException(message, innerException)
{
    private const int DiskFullLinux = 28;
    private const int QuotaExceededLinux = 122;
    private const int DiskFullWindows = unchecked((int)0x80070070);

    /// <summary>Whether this is why an operation failed, as the operating system says it.</summary>
    public static bool IsCauseOf(IOException error) =>
        error is DiskFullException || error.HResult is DiskFullWindows or DiskFullLinux or QuotaExceededLinux || (error.HResult & 0xFFFF) is DiskFullLinux;
}
