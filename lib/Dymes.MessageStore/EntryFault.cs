namespace Dymes.MessageStore;

/// <summary>Why an entry that another replica made does not go into this log.</summary>
public enum EntryFault
{
    /// <summary>It does.</summary>
    None,

    /// <summary>It does not continue the log: its op, its parent's checksum or its position is another than that of the next entry.</summary>
    NotNext,

    /// <summary>The body has another size or checksum than the header says, or is over its limit.</summary>
    Body,

    /// <summary>It is of a kind that this version does not know, or whose entries have no messages, or must have some.</summary>
    Kind,

    /// <summary>A message is not a valid frame, or has another position than its place in the entry.</summary>
    Frame,

    /// <summary>It has another number of messages than its header says.</summary>
    MessageCount,

    /// <summary>A message has no id, or one that is in the log already.</summary>
    MessageId,
}
