namespace Dymes.MessageStore.Index;

/// <summary>A section of an index file does not match its checksum. Never leaves the store: the index is made again from the message file, and nothing is lost.</summary>
internal sealed class IndexDamagedException(string path, string section, long offset)
    : Exception($"{path}: section {section} at offset {offset} does not match its checksum.")
{
    /// <summary>Where the section is.</summary>
    public long Offset => offset;
}
