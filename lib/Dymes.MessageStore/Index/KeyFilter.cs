using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dymes.MessageStore.Index;

/// <summary>
/// A split-block Bloom filter (Putze, Sanders, Singler 2007; as in Apache Parquet): one 32-byte block per key, seven bits in it, so a key that is not in a segment costs one
/// cache line. About 14 bits a key: one false answer in 250. The last of a block's eight words is a check of the others: "no" is the usual answer and is never looked at twice, so the
/// block that gives it has to be whole at that moment.
/// </summary>
internal static class KeyFilter
{
    public const int LanesPerBlock = 8;
    private const int CheckLane = LanesPerBlock - 1;
    private const int BlockBytes = LanesPerBlock * sizeof(uint);
    private const int BitsPerKey = 14;

    // Odd constants, one a lane; those of the Parquet format.
    private static readonly uint[] Salts = [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947];

    /// <summary>The filter of some keys, as it lies in the file.</summary>
    public static byte[] Of(ReadOnlySpan<UInt128> keys)
    {
        var blocks = new FilterBlock[Math.Max(1, ((keys.Length * BitsPerKey) + (BlockBytes * 8) - 1) / (BlockBytes * 8))];
        foreach (var key in keys)
        {
            var hash = KeyHash.Of(key);
            ref var block = ref blocks[BlockOf(blocks.Length, hash)];
            for (var lane = 0; lane < CheckLane; lane++)
            {
                block[lane] |= Bit(hash, lane);
            }
        }

        foreach (ref var block in blocks.AsSpan())
        {
            block[CheckLane] = CheckOf(block);
        }

        return MemoryMarshal.AsBytes(blocks.AsSpan()).ToArray();
    }

    /// <summary>Whether a key may be there. A block that fails its check says nothing: the keys themselves are asked.</summary>
    public static bool MayContain(SectionRecords<FilterBlock> filter, UInt128 key)
    {
        var hash = KeyHash.Of(key);
        var ordinal = BlockOf(filter.Count, hash);
        ref readonly var block = ref filter[ordinal];
        for (var lane = 0; lane < CheckLane; lane++)
        {
            if ((block[lane] & Bit(hash, lane)) == 0)
            {
                return !IsWhole(filter, ordinal);
            }
        }

        return true;
    }

    private static bool IsWhole(SectionRecords<FilterBlock> filter, int ordinal)
    {
        var block = filter[ordinal];
        if (block[CheckLane] == CheckOf(block))
        {
            return true;
        }

        filter.RequireStill(ordinal, 1);
        return false;
    }

    private static int BlockOf(int blocks, ulong hash) => (int)(((hash >> 32) * (ulong)blocks) >> 32);

    private static uint Bit(ulong hash, int lane) => 1u << (int)(unchecked((uint)hash * Salts[lane]) >> 27);

    // The complement, so that a block of zeros is none.
    private static uint CheckOf(in FilterBlock block)
    {
        var low = new UInt128(block[2] | ((ulong)block[3] << 32), block[0] | ((ulong)block[1] << 32));
        var high = new UInt128(block[6], block[4] | ((ulong)block[5] << 32));
        return ~unchecked((uint)KeyHash.Of(high ^ KeyHash.Of(low)));
    }
}

/// <summary>One block of a filter, as it lies in the file.</summary>
[InlineArray(KeyFilter.LanesPerBlock)]
internal struct FilterBlock
{
    private uint _lane;
}
