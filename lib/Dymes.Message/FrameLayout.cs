namespace Dymes.Message;

/// <summary>Where the fields of a frame's header are, in bytes from the frame's start. All integers little-endian but the two ids.</summary>
internal static class FrameLayout
{
    public const int HeaderChecksum = 0;
    public const int Lsn = 16;
    public const int Reserved = 24;
    public const int Id = 32;
    public const int CorrelationId = 48;
    public const int Channel = 64;
    public const int Routing = 80;
    public const int FrameBytes = 96;
    public const int KvCount = 100;
    public const int KvDataBytes = 104;
    public const int BodyBytes = 108;
    public const int PayloadChecksum = 112;
    public const int HeaderEnd = 128;

    /// <summary>The frame's size for these parts, rounded up to the alignment.</summary>
    public static long Size(int kvCount, long kvDataBytes, long bodyBytes)
    {
        var payload = ((long)kvCount * MessageLimits.KvHeaderBytes) + kvDataBytes + bodyBytes;
        return (HeaderEnd + payload + MessageLimits.AlignmentBytes - 1) & ~(MessageLimits.AlignmentBytes - 1L);
    }
}
