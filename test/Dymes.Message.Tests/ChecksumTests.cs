using Dymes.Common;

namespace Dymes.Message.Tests;

/// <summary>The values are those of xxHash's own test suite (XXH3, 128 bits, seed 0), over its generated buffer.</summary>
public sealed class ChecksumTests
{
    [Theory]
    [InlineData(0, 0x99AA06D3014798D8, 0x6001C324468D497F)]
    [InlineData(1, 0xA6CD5E9392000F6A, 0xC44BDFF4074EECDB)]
    [InlineData(6, 0x082AFE0B8162D12A, 0x3E7039BDDA43CFC6)]
    public void The_checksum_is_the_published_one(int length, ulong high, ulong low) =>
        Assert.Equal(new UInt128(high, low), Checksum.Of(Generated(length)));

    private static byte[] Generated(int length)
    {
        var bytes = new byte[length];
        ulong generator = 2654435761;
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)(generator >> 56);
            generator *= 11400714785074694797;
        }

        return bytes;
    }
}
