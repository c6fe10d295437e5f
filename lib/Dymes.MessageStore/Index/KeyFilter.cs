using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Dymes.MessageStore.Index;

/// <summary>
/// A split-block Bloom filter (Putze, Sanders, Singler 2007; as in Apache Parquet): one 32-byte block per key, eight bits in it, so a key that is not in a segment costs one
/// cache line. About 12 bits a key: one false answer in 200.
/// </summary>
internal static class KeyFilter
{
    public const int LanesPerBlock = 8;
    private const int BlockBytes = LanesPerBlock * sizeof(uint);
    private const int BitsPerKey = 12;

    // Odd constants, one a lane; those of the Parquet format.
    private static readonly uint[] Salts = [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31];

    public static int SizeFor(int keys) => Math.Max(1, ((keys * BitsPerKey) + (BlockBytes * 8) - 1) / (BlockBytes * 8)) * BlockBytes;

    public static void Add(Span<byte> filter, UInt128 key)
    {
        var hash = KeyHash.Of(key);
        var block = filter.Slice(BlockOf(filter.Length / BlockBytes, hash) * BlockBytes, BlockBytes);
        for (var lane = 0; lane < LanesPerBlock; lane++)
        {
            var word = block[(lane * sizeof(uint))..];
            BinaryPrimitives.WriteUInt32LittleEndian(word, BinaryPrimitives.ReadUInt32LittleEndian(word) | Bit(hash, lane));
        }
    }

    public static bool MayContain(SectionRecords<FilterBlock> filter, UInt128 key)
    {
        var hash = KeyHash.Of(key);
        ref readonly var block = ref filter[BlockOf(filter.Count, hash)];
        for (var lane = 0; lane < LanesPerBlock; lane++)
        {
            if ((block[lane] & Bit(hash, lane)) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static int BlockOf(int blocks, ulong hash) => (int)(((hash >> 32) * (ulong)blocks) >> 32);

    private static uint Bit(ulong hash, int lane) => 1u << (int)(unchecked((uint)hash * Salts[lane]) >> 27);
}

/// <summary>One block of a filter, as it lies in the file.</summary>
[InlineArray(KeyFilter.LanesPerBlock)]
internal struct FilterBlock
{
    private uint _lane;
}
