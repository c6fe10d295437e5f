using Dymes.Message;

namespace Dymes.Grains.Abstractions;

/// <summary>The limits of calls between clients and grains.</summary>
public static class GrainLimits
{
    /// <summary>A page is full when it holds this many bytes: large enough that a call's cost does not count, small enough that heartbeats do not wait behind it.</summary>
    public const int PageBytes = 256 * 1024;

    /// <summary>The largest message body between two processes: an append request with its envelope fits twice. Orleans ends the connection on a larger one.</summary>
    public const int MessageBodyBytesMax = 8 * 1024 * 1024;

    /// <summary>
    /// How long the answer to a read may take before another silo is asked. A call that is under way to a silo that dies is never answered, so it is not much longer than a page takes from a cold disk.
    /// </summary>
    public const string ReadTimeout = "00:00:05";

    /// <summary>The same for a call that waits for new messages, beyond its patience, and for a cursor's, which reads through other grains.</summary>
    public const string FollowTimeout = "00:00:08";

    /// <summary>How long the answer to an append may take before its outcome is said to be unknown: longer than a silo waits for a primary.</summary>
    public const string AppendTimeout = "00:00:08";

    /// <summary>The longest time that a call waits for new messages.</summary>
    public static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(4);

    /// <summary>How long a silo waits until it has what its reader has seen elsewhere: a replica that lags is there in a moment, or not for so long that another one is better asked.</summary>
    public static readonly TimeSpan LagMax = TimeSpan.FromSeconds(1);

    // A negative constant does not compile: an append request and a page with one more largest frame both fit.
    private const uint AppendFits = MessageBodyBytesMax - MessageLimits.RequestBytesMax - (1 << 20);
    private const uint PageFits = MessageBodyBytesMax - PageBytes - MessageLimits.RequestBytesMax;
}
