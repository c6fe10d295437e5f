namespace Dymes.Vsr.Messages;

/// <summary>Why bytes are not a message.</summary>
public enum MessageFault : byte
{
    /// <summary>They are one.</summary>
    None,

    /// <summary>There are fewer or more of them than the message says.</summary>
    Size,

    /// <summary>They do not match their checksum.</summary>
    Checksum,

    /// <summary>They are of another version of Dymes.</summary>
    Version,

    /// <summary>The kind of message is not known.</summary>
    Kind,

    /// <summary>A field is out of range.</summary>
    Field,

    /// <summary>An entry does not match its checksums, or is not the one that belongs there.</summary>
    Entry,
}
