using System.IO.Hashing;

namespace Dymes.Common;

/// <summary>
/// The one checksum of all files and wire messages: XXH3 with 128 bits, seed 0 (Collet, xxHash 0.8). It finds damage; it is no defence against an attacker.
/// </summary>
public static class Checksum
{
    /// <summary>The size of a checksum in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>The checksum of <paramref name="bytes"/>.</summary>
    public static UInt128 Of(ReadOnlySpan<byte> bytes) => XxHash128.HashToUInt128(bytes);
}
