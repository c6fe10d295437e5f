using System.Buffers.Binary;
using Dymes.Common;

namespace Dymes.MessageStore.Formats;

/// <summary>
/// What a replica must not forget, and how far its log is known to be durable: damage below <see cref="DurableOffset"/> of <see cref="DurableSegment"/> is never
/// taken for a torn write. Written when a segment is created or sealed, when the store is closed, and whenever consensus asks for it.
/// </summary>
public sealed record HardState
{
    /// <summary>The bytes of one slot of the journal.</summary>
    public const int SlotBytes = 256;

    /// <summary>The most replicas of a group.</summary>
    public const int ReplicasMax = 7;

    private const int FlagsOffset = 72;
    private const int IncarnationsOffset = 80;
    private const int CutOffset = 108;
    private const uint RecoveringFlag = 1;
    private const uint EnrolledFlag = 2;

    /// <summary>Grows with each write; the valid slot with the higher generation counts.</summary>
    public ulong Generation { get; init; }

    /// <summary>The configuration of the group.</summary>
    public uint Epoch { get; init; }

    /// <summary>This replica's number, 0 to <see cref="ReplicaCount"/> - 1.</summary>
    public uint ReplicaNumber { get; init; }

    /// <summary>The number of replicas of the group, 1 to 7.</summary>
    public uint ReplicaCount { get; init; } = 1;

    /// <summary>The newest view that this replica took part in.</summary>
    public uint View { get; init; }

    /// <summary>The newest view in which this replica was normal.</summary>
    public uint LogView { get; init; }

    /// <summary>An op known to be committed; there may be later ones.</summary>
    public ulong CommitHint { get; init; }

    /// <summary>The segment that <see cref="DurableOffset"/> speaks of.</summary>
    public uint DurableSegment { get; init; }

    /// <summary>Everything in the segment's message file below this offset was durable.</summary>
    public long DurableOffset { get; init; }

    /// <summary>Every message below this position was durable.</summary>
    public Lsn DurableLsn { get; init; }

    /// <summary>The replica lost entries that it may have acknowledged, and has not got them back from the others: it takes part in no decision.</summary>
    public bool IsRecovering { get; init; }

    /// <summary>A replica has written its state here: what it promised to its group is known. Without it there is only what the store itself noted.</summary>
    public bool IsEnrolled { get; init; }

    /// <summary>How often each replica of the group lost its memory, by its number, as far as this one knows; at most <see cref="ReplicasMax"/>, and zero for those not named.</summary>
    public IReadOnlyList<uint> Incarnations { get; init; } = [];

    /// <summary>A cut of the log that has begun and may not be complete on disk; it is completed when the store is opened.</summary>
    public PendingCut? Cut { get; init; }

    /// <summary>Whether there was durable data at or behind an offset of a segment.</summary>
    internal bool Covers(uint segment, long offset) => DurableSegment > segment || (DurableSegment == segment && DurableOffset > offset);

    internal void Write(Span<byte> bytes)
    {
        bytes = bytes[..SlotBytes];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], Epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[28..], ReplicaNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[32..], ReplicaCount);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[36..], View);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[40..], LogView);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[44..], DurableSegment);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[48..], CommitHint);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[56..], DurableOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[64..], DurableLsn.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[FlagsOffset..], (IsRecovering ? RecoveringFlag : 0) | (IsEnrolled ? EnrolledFlag : 0));
        InvariantViolation.Assert(Incarnations.Count <= ReplicasMax, "a group has at most seven replicas");
        for (var replica = 0; replica < Incarnations.Count; replica++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(IncarnationsOffset + (replica * sizeof(uint)))..], Incarnations[replica]);
        }

        Cut?.Write(bytes[CutOffset..]);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Checksum.Of(bytes[16..]));
    }

    internal static HardState? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < SlotBytes || BinaryPrimitives.ReadUInt128LittleEndian(bytes) != Checksum.Of(bytes[16..SlotBytes]))
        {
            return null;
        }

        return new HardState
        {
            Generation = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            Epoch = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]),
            ReplicaNumber = BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]),
            ReplicaCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]),
            View = BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]),
            LogView = BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]),
            DurableSegment = BinaryPrimitives.ReadUInt32LittleEndian(bytes[44..]),
            CommitHint = BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]),
            DurableOffset = BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]),
            DurableLsn = new Lsn(BinaryPrimitives.ReadUInt64LittleEndian(bytes[64..])),
            IsRecovering = (BinaryPrimitives.ReadUInt32LittleEndian(bytes[FlagsOffset..]) & RecoveringFlag) != 0,
            IsEnrolled = (BinaryPrimitives.ReadUInt32LittleEndian(bytes[FlagsOffset..]) & EnrolledFlag) != 0,
            Incarnations = ReadIncarnations(bytes[IncarnationsOffset..]),
            Cut = PendingCut.Read(bytes[CutOffset..]),
        };
    }

    private static uint[] ReadIncarnations(ReadOnlySpan<byte> bytes)
    {
        var incarnations = new uint[ReplicasMax];
        for (var replica = 0; replica < ReplicasMax; replica++)
        {
            incarnations[replica] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(replica * sizeof(uint))..]);
        }

        return incarnations;
    }
}
