namespace Dymes.Common;

/// <summary>What went wrong, in terms that are stable across versions and processes. <see cref="ErrorCatalog"/> says what each means to HTTP and to a shell.</summary>
public enum ErrorCode
{
    /// <summary>A bug in Dymes itself: the caller can do nothing about it.</summary>
    Internal = 0,

    /// <summary>A request, an option or a field is malformed or out of range.</summary>
    InvalidArgument = 1,

    /// <summary>The thing named does not exist.</summary>
    NotFound = 2,

    /// <summary>A message id is taken by a message with other content.</summary>
    IdConflict = 3,

    /// <summary>The channel does not hold the number of messages that the append expected.</summary>
    VersionMismatch = 4,

    /// <summary>A frame, field or request is larger than its limit.</summary>
    TooLarge = 5,

    /// <summary>The content type is not one that the operation reads.</summary>
    UnsupportedMediaType = 6,

    /// <summary>An idempotency key was used before, with other content.</summary>
    IdempotencyMismatch = 7,

    /// <summary>The message that a correlation id names is not in the log.</summary>
    ParentMissing = 8,

    /// <summary>More requests wait than may wait. The request was not run.</summary>
    Overloaded = 9,

    /// <summary>The node is starting, stopping or without a primary. The request was not run.</summary>
    NotReady = 10,

    /// <summary>The request may or may not have been run; asking again with the same id or idempotency key tells.</summary>
    OutcomeUnknown = 11,

    /// <summary>The disk has no room for appends; reads go on.</summary>
    DiskFull = 12,

    /// <summary>Bytes on disk do not match their checksum.</summary>
    StorageDamaged = 13,

    /// <summary>A write or flush failed; this replica takes no more appends until it is restarted.</summary>
    StorageFailed = 14,

    /// <summary>A data directory or file belongs to another cluster, dataset or replica, or to a newer version.</summary>
    ForeignFile = 15,

    /// <summary>Another process holds the data directory.</summary>
    DirectoryInUse = 16,

    /// <summary>The configuration has an unknown key or an unusable value.</summary>
    ConfigurationInvalid = 17,

    /// <summary>No connection to the server.</summary>
    ConnectionFailed = 18,

    /// <summary>The operation is not offered by this node in its present shape.</summary>
    NotSupported = 19,
}
