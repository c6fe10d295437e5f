namespace Dymes.MessageStore.Index;

/// <summary>A part of an index file does not match its checksum. Never leaves the store: the index is made again from the message file, and nothing is lost.</summary>
internal sealed class IndexDamagedException(string path, string part, long offset)
    : Exception($"{path}: {part} at offset {offset} does not match its checksum.")
{
    /// <summary>Where the part begins.</summary>
    public long Offset => offset;
}
