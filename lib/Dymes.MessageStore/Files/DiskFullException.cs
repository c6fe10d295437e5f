namespace Dymes.MessageStore.Files;

/// <summary>There is no room for a write. Nothing of it counts.</summary>
public sealed class DiskFullException(string message, Exception? innerException = null) : IOException(message, innerException);
