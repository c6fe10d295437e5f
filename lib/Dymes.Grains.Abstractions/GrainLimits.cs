using Dymes.Message;

namespace Dymes.Grains.Abstractions;

/// <summary>The limits of calls between clients and grains.</summary>
public static class GrainLimits
{
    /// <summary>A page is full when it holds this many bytes: large enough that a call's cost does not count, small enough that heartbeats do not wait behind it.</summary>
    public const int PageBytes = 256 * 1024;

    /// <summary>The largest message body between two processes: an append request with its envelope fits twice. Orleans ends the connection on a larger one.</summary>
    public const int MessageBodyBytesMax = 8 * 1024 * 1024;

    /// <summary>The longest time that a call waits for new messages: well below Orleans' response timeout of 30 s.</summary>
    public static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(10);

    // A negative constant does not compile: an append request and a page with one more largest frame both fit.
    private const uint AppendFits = MessageBodyBytesMax - MessageLimits.RequestBytesMax - (1 << 20);
    private const uint PageFits = MessageBodyBytesMax - PageBytes - MessageLimits.RequestBytesMax;
}
