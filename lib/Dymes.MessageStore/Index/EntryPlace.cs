using System.Runtime.InteropServices;

namespace Dymes.MessageStore.Index;

/// <summary>Where an entry begins: its first row, and the offset of its header in units of 16 bytes. Eight bytes, as they lie in an index file.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = 8)]
internal readonly record struct EntryPlace(int FirstRow, uint OffsetUnits)
{
    /// <summary>The offset of the header.</summary>
    public long Offset => (long)OffsetUnits * StoreLimits.AlignmentBytes;
}
