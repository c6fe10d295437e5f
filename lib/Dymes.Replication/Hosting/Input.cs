namespace Dymes.Replication.Hosting;

/// <summary>What a replica may be told by its host.</summary>
internal enum InputKind : byte
{
    /// <summary>A message of another replica.</summary>
    Message,

    /// <summary>A request of this node's clients or another's.</summary>
    Request,

    /// <summary>An answer to a request of this node's.</summary>
    Reply,

    /// <summary>The log's writes up to a number are on disk.</summary>
    LogDurable,

    /// <summary>The hard states up to a number are on disk.</summary>
    StateDurable,

    /// <summary>Entries that the replica asked for were read.</summary>
    EntriesRead,

    /// <summary>An entry was found to be damaged.</summary>
    Damaged,

    /// <summary>A write or flush failed.</summary>
    DiskFailed,

    /// <summary>A read asks for confirmation.</summary>
    Read,

    /// <summary>The node is about to stop.</summary>
    HandOver,
}

/// <summary>One thing that a replica is told.</summary>
/// <param name="Kind">What.</param>
/// <param name="Number">The write, generation, reading, op or read.</param>
/// <param name="Subject">The message, request, reply, entries, error or promise.</param>
internal readonly record struct Input(InputKind Kind, ulong Number = 0, object? Subject = null);
