using System.Runtime.InteropServices;

namespace Dymes.MessageStore.Index;

/// <summary>A record by whose key its section is sorted.</summary>
internal interface IKeyedRecord
{
    UInt128 Key { get; }
}

/// <summary>A channel in an index file: 64 bytes, as they lie in the file.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = 64)]
internal readonly record struct ChannelRecord(
    ulong ChannelLow, ulong ChannelHigh, ulong FirstIdLow, ulong FirstIdHigh, ulong FirstLsn, ulong BaseCount, int RowsStart, int RowsCount, int NameStart, int NameBytes)
    : IKeyedRecord
{
    public UInt128 Key => new(ChannelHigh, ChannelLow);

    public UInt128 FirstId => new(FirstIdHigh, FirstIdLow);
}

/// <summary>A parent in an index file: 32 bytes, as they lie in the file.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = 32)]
internal readonly record struct ParentRecord(ulong IdLow, ulong IdHigh, int RowsStart, int RowsCount, ulong Zeros = 0)
    : IKeyedRecord
{
    public UInt128 Key => new(IdHigh, IdLow);
}

/// <summary>An idempotency key in an index file: 32 bytes, as they lie in the file.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = 32)]
internal readonly record struct IdempotencyFileRecord(ulong KeyLow, ulong KeyHigh, int Row, int Count, ulong Zeros = 0)
{
    public UInt128 Key => new(KeyHigh, KeyLow);
}
