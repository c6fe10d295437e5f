using System.Runtime.InteropServices;

namespace Dymes.MessageStore.Index;

/// <summary>A channel in an index file: 64 bytes, as they lie in the file.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = 64)]
internal readonly record struct ChannelRecord(
    ulong ChannelLow, ulong ChannelHigh, ulong FirstIdLow, ulong FirstIdHigh, ulong FirstLsn, ulong BaseCount, int RowsStart, int RowsCount, int NameStart, int NameBytes)
{
    public UInt128 Channel => new(ChannelHigh, ChannelLow);

    public UInt128 FirstId => new(FirstIdHigh, FirstIdLow);
}

/// <summary>A parent in an index file: 32 bytes, as they lie in the file.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = 32)]
internal readonly record struct ParentRecord(ulong IdLow, ulong IdHigh, int RowsStart, int RowsCount, ulong Zeros = 0)
{
    public UInt128 Id => new(IdHigh, IdLow);
}

/// <summary>An idempotency key in an index file: 32 bytes, as they lie in the file.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = 32)]
internal readonly record struct IdempotencyFileRecord(ulong KeyLow, ulong KeyHigh, int Row, int Count, ulong Zeros = 0)
{
    public UInt128 Key => new(KeyHigh, KeyLow);
}
