namespace Dymes.MessageStore.Index;

/// <summary>Where a frame is in its message file, in units of 16 bytes. A size of 0 says that the frame could not be found again after damage.</summary>
/// <param name="OffsetUnits">The offset, divided by 16.</param>
/// <param name="SizeUnits">The frame's size, divided by 16.</param>
public readonly record struct FrameLocation(uint OffsetUnits, uint SizeUnits)
{
    /// <summary>The offset in bytes.</summary>
    public long Offset => (long)OffsetUnits * StoreLimits.AlignmentBytes;

    /// <summary>The size in bytes.</summary>
    public int Size => (int)SizeUnits * StoreLimits.AlignmentBytes;

    /// <summary>Where the frame ends.</summary>
    public long End => Offset + Size;

    internal static FrameLocation Of(long offset, int size) =>
        new((uint)(offset / StoreLimits.AlignmentBytes), (uint)(size / StoreLimits.AlignmentBytes));
}
