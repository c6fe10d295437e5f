using Dymes.Common;

namespace Dymes.Vsr;

/// <summary>The limits of the protocol, each with its reason.</summary>
public static class VsrLimits
{
    /// <summary>The version of the messages that this build sends, and the only one that it reads.</summary>
    public const ushort MessageVersion = 1;

    /// <summary>The most replicas of a group: more would make each append slower and lose no less.</summary>
    public const int ReplicasMax = 7;

    /// <summary>The largest body of a request: an entry's, and what the state machine leaves out of it.</summary>
    public const int RequestBytesMax = EntryLimits.BodyBytesMax + (256 << 10);

    /// <summary>The most entries that are prepared and not committed: enough to keep a network of some milliseconds and a disk busy, few enough to name each in a view change.</summary>
    public const int PipelineEntriesMax = 256;

    /// <summary>The most bytes that are prepared and not committed, beside the newest entry: what a new primary may have to fetch before it begins.</summary>
    public const int PipelineBytesMax = 16 << 20;

    /// <summary>The most requests that wait for a place in the pipeline. More are refused.</summary>
    public const int RequestsWaitingMax = 1024;

    /// <summary>The most bytes of requests that wait for a place in the pipeline, beside the newest one. More are refused.</summary>
    public const int RequestsWaitingBytesMax = 64 << 20;

    /// <summary>How many of the newest entries are kept in memory for replicas that lag a little, once they are applied.</summary>
    public const int WindowEntriesMax = 512;

    /// <summary>The most bytes of applied entries that are kept in memory.</summary>
    public const int WindowBytesMax = 32 << 20;

    /// <summary>The most sessions that are remembered: each silo holds a few, each tool one.</summary>
    public const int SessionsMax = 4096;

    /// <summary>The bytes of entries in one <see cref="Messages.NewState"/>, beside the last one: large enough for a fast link, small enough not to be felt by appends.</summary>
    public const int TransferBytesMax = 1 << 20;

    /// <summary>How fast a replica that lags fetches entries while the primary appends: a disk of 1 TB is filled in three hours, and appends keep most of a small machine.</summary>
    public const long TransferBytesPerSecond = 106 << 20;

    /// <summary>The most entries in one <see cref="Messages.NewState"/>.</summary>
    public const int TransferEntriesMax = 1024;

    /// <summary>The most reads that wait for the confirmation of the primary. More are refused.</summary>
    public const int ReadsWaitingMax = 4096;

    /// <summary>The most damaged entries that are being repaired at a time. The host names the others again when it meets them again.</summary>
    public const int RepairsMax = 256;

    /// <summary>The largest message: what a transfer may hold, with room for all headers.</summary>
    public const int MessageBytesMax = TransferBytesMax + EntryLimits.BodyBytesMax + ((TransferEntriesMax + 2) * EntryLimits.HeaderBytes);

    // A negative unsigned constant does not compile: the proofs.
    private const uint TheWindowHoldsThePipeline = WindowEntriesMax - PipelineEntriesMax;
    private const uint AllChecksumsOfThePipelineFit = MessageBytesMax - ((PipelineEntriesMax + 1) * Checksum.SizeBytes) - 4096;
}
