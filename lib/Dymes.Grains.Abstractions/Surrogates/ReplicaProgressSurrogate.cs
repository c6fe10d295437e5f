using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Surrogates;

[GenerateSerializer, Immutable, Alias("dymes.replica-progress")]
internal struct ReplicaProgressSurrogate
{
    [Id(0)]
    public ReplicaState Status;

    [Id(1)]
    public uint? View;

    [Id(2)]
    public ulong? LastOp;

    [Id(3)]
    public ulong? Commit;

    [Id(4)]
    public ulong? NextLsn;

    [Id(5)]
    public LogCondition Disk;

    [Id(6)]
    public string? Detail;

    [Id(7)]
    public int? ScrubPercent;

    [Id(8)]
    public long? DamageFound;
}

/// <summary>What a replica tells of itself; who asks adds lag and age.</summary>
[RegisterConverter]
internal sealed class ReplicaProgressConverter : IConverter<ReplicaProgress, ReplicaProgressSurrogate>
{
    public ReplicaProgress ConvertFromSurrogate(in ReplicaProgressSurrogate surrogate) => new()
    {
        Status = surrogate.Status,
        View = surrogate.View,
        LastOp = surrogate.LastOp,
        Commit = surrogate.Commit,
        NextLsn = surrogate.NextLsn,
        Disk = surrogate.Disk,
        Detail = surrogate.Detail,
        ScrubPercent = surrogate.ScrubPercent,
        DamageFound = surrogate.DamageFound,
    };

    public ReplicaProgressSurrogate ConvertToSurrogate(in ReplicaProgress value) => new()
    {
        Status = value.Status,
        View = value.View,
        LastOp = value.LastOp,
        Commit = value.Commit,
        NextLsn = value.NextLsn,
        Disk = value.Disk,
        Detail = value.Detail,
        ScrubPercent = value.ScrubPercent,
        DamageFound = value.DamageFound,
    };
}
