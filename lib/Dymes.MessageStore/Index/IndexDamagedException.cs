using Dymes.Common;

namespace Dymes.MessageStore.Index;

/// <summary>A section of an index file does not match its checksum. The index is made again from the message file; nothing is lost.</summary>
internal sealed class IndexDamagedException(string path, string section, long offset)
    : DymesException(ErrorCode.StorageDamaged, $"{path}: section {section} at offset {offset} does not match its checksum; the index is rebuilt from its message file.");
