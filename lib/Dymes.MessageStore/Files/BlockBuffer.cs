using System.Runtime.CompilerServices;

namespace Dymes.MessageStore.Files;

/// <summary>Bytes in memory that begin at a multiple of a block, as <see cref="IDataFile.WriteBlocks"/> and <see cref="DataFileMode.ReadDisk"/> want them. It grows and stays as large as it became.</summary>
/// <param name="capacity">How many bytes it holds at first.</param>
public sealed class BlockBuffer(int capacity)
{
    /// <summary>The unit of writing past the page cache: the largest block size of common disks, and a page.</summary>
    public const int BlockBytes = 4096;

    private byte[] _pinned = Allocate(capacity);

    /// <summary>How many bytes it holds.</summary>
    public int Capacity => _pinned.Length - BlockBytes;

    /// <summary>All its bytes; those never written are arbitrary.</summary>
    public Span<byte> Bytes => _pinned.AsSpan(StartOf(_pinned), Capacity);

    /// <summary>The next multiple of a block, or the offset itself.</summary>
    public static long RoundUp(long offset) => (offset + BlockBytes - 1) & -BlockBytes;

    /// <summary>Makes it hold at least this many bytes; those there stay.</summary>
    public void EnsureCapacity(int bytes)
    {
        if (bytes <= Capacity)
        {
            return;
        }

        var larger = Allocate(Math.Max(bytes, Capacity * 2));
        Bytes.CopyTo(larger.AsSpan(StartOf(larger)));
        _pinned = larger;
    }

    private static byte[] Allocate(int capacity) => GC.AllocateUninitializedArray<byte>(capacity + BlockBytes, pinned: true);

    private static unsafe int StartOf(byte[] pinned)
    {
        var address = (nuint)Unsafe.AsPointer(ref pinned[0]); // does not move
        return (int)((BlockBytes - (address % BlockBytes)) % BlockBytes);
    }
}
