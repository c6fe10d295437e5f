namespace Dymes.MessageStore;

/// <summary>How a dataset's files are kept.</summary>
public sealed record StoreOptions
{
    /// <summary>The directory of the dataset's files.</summary>
    public required string Directory { get; init; }

    /// <summary>The dataset's name, 1 to 64 characters of <c>a-z 0-9 - _</c>.</summary>
    public string Dataset { get; init; } = "default";

    /// <summary>The cluster that the files belong to; files of another one are refused. A single node uses 0.</summary>
    public UInt128 ClusterId { get; init; }

    /// <summary>A segment rolls before it grows over this many bytes. 64 KiB to 1 GiB; 256 MiB: reopening replays at most this much, in a fraction of a second.</summary>
    public long SegmentBytesMax { get; init; } = 256L << 20;

    /// <summary>A segment rolls before it holds more messages. 1 to 1,048,576; 262,144 as in the original.</summary>
    public int SegmentMessagesMax { get; init; } = 262_144;

    /// <summary>What is flushed before an append counts as durable.</summary>
    public SyncLevel SyncLevel { get; init; } = SyncLevel.All;

    /// <summary>Whether the log is that of a replica of a group, which makes entries, commits them and takes back those that are not committed; see <see cref="SegmentStore.Replica"/>.</summary>
    public bool IsReplicated { get; init; }

    /// <summary>Appends are refused when less than this is free on the disk, so that no write fails halfway. 0 to 1 TiB; 0: nothing is refused, and a full disk fails the store; 256 MiB: one segment.</summary>
    public long ReserveBytes { get; init; } = 256L << 20;

    /// <summary>How fast the files are read in the background to find what went bad on the disk. 0 to 1 GiB/s; 0: not at all, for tools and tests. A silo's default is 8 MiB/s.</summary>
    public long ScrubBytesPerSecond { get; init; }

    /// <summary>From the beginning of one reading of all files to the next; the next one begins when the one before has ended, if that takes longer. 1 s to 30 d.</summary>
    public TimeSpan ScrubEvery { get; init; } = TimeSpan.FromDays(1);
}

/// <summary>What is flushed to disk, and when.</summary>
public enum SyncLevel
{
    /// <summary>Nothing until a segment is sealed or closed: for tests and bulk imports that can be repeated. A power cut loses acknowledged messages.</summary>
    None,

    /// <summary>Message files, before each acknowledgement.</summary>
    Messages,

    /// <summary>Message files before each acknowledgement, and index files and directories as they change.</summary>
    All,
}
