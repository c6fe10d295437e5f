namespace Dymes.Common;

/// <summary>What an entry of the log holds.</summary>
public enum EntryKind : ushort
{
    /// <summary>Message frames, back to back.</summary>
    Messages = 1,

    /// <summary>Nothing: it only takes an op.</summary>
    NoOp = 2,

    /// <summary>Nothing: it begins the session of the client that its header names. The session's number is the entry's op.</summary>
    Registration = 3,

    /// <summary>The answer to a request that stored no message, so that the same request gets the same answer again. The body is the state machine's.</summary>
    Answer = 4,
}
