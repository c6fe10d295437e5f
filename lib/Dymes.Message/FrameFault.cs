namespace Dymes.Message;

/// <summary>Why bytes are not a frame.</summary>
public enum FrameFault
{
    /// <summary>They are one.</summary>
    None,

    /// <summary>There are fewer bytes than a header, or than the header says.</summary>
    Truncated,

    /// <summary>The header's checksum does not match.</summary>
    HeaderChecksum,

    /// <summary>Sizes contradict each other or a limit.</summary>
    Sizes,

    /// <summary>The checksum of KV headers, KV data and body does not match.</summary>
    PayloadChecksum,

    /// <summary>The KV entries do not lie back to back, do not fill the KV data, or a key's length is out of range.</summary>
    KvRange,

    /// <summary>A KV key or value is not UTF-8.</summary>
    KvText,

    /// <summary>A byte that must be zero is not.</summary>
    Padding,
}
