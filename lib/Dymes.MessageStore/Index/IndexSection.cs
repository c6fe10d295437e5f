namespace Dymes.MessageStore.Index;

/// <summary>The sections of an index file, each with a checksum of its own. The numbers are part of the format.</summary>
internal enum IndexSection
{
    /// <summary>Per row: offset and size of its frame, in units of 16 bytes (u32, u32).</summary>
    Locations = 0,

    /// <summary>Per row: its id (u128).</summary>
    Ids = 1,

    /// <summary>The rows in the order of their ids (u32); empty where that is their own order.</summary>
    IdOrder = 2,

    /// <summary>Per entry: its first row and the offset of its header in units of 16 bytes (u32, u32).</summary>
    Entries = 3,

    /// <summary>Per channel, in order of the numbers: a <see cref="ChannelRecord"/>.</summary>
    Channels = 4,

    /// <summary>The rows of the channels, channel by channel (u32).</summary>
    ChannelRows = 5,

    /// <summary>The names of channels, UTF-8.</summary>
    ChannelNames = 6,

    /// <summary>A filter over the channels.</summary>
    ChannelFilter = 7,

    /// <summary>Per parent, in order of the ids: a <see cref="ParentRecord"/>.</summary>
    Parents = 8,

    /// <summary>The rows of the children, parent by parent (u32).</summary>
    ChildRows = 9,

    /// <summary>A filter over the parents.</summary>
    ParentFilter = 10,

    /// <summary>Per idempotency key, in the order of the log: its hash, row and count (u128, u32, u32, 8 bytes of zeros).</summary>
    IdempotencyKeys = 11,
}
