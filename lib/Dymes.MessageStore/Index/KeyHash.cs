namespace Dymes.MessageStore.Index;

/// <summary>Spreads 128-bit keys, many of which are small numbers or times, over 64 bits. Part of the file format: the filters of index files depend on it.</summary>
internal static class KeyHash
{
    /// <summary>The finalizer of SplitMix64 (Steele, Lea, Flood 2014) over both halves.</summary>
    public static ulong Of(UInt128 key)
    {
        var mixed = (ulong)key ^ ((ulong)(key >> 64) * 0x9E3779B97F4A7C15);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
