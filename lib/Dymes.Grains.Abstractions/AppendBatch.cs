using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions;

/// <summary>An append request on its way to a grain: an <see cref="AppendRequest"/> whose memory is passed on without a copy.</summary>
[GenerateSerializer, Immutable, Alias("dymes.append-batch")]
public sealed class AppendBatch
{
    [Id(0)]
    private readonly ReadOnlyMemory<byte> _frames;

    [Id(1)]
    private readonly int _count;

    [Id(2)]
    private readonly bool _isAtomic;

    [Id(3)]
    private readonly bool _allowsMissingParents;

    [Id(4)]
    private readonly VersionCondition[] _conditions;

    [Id(5)]
    private readonly string? _idempotencyKey;

    /// <summary>Wraps a request.</summary>
    public AppendBatch(AppendRequest request)
    {
        _frames = request.Frames;
        _count = request.Count;
        _isAtomic = request.IsAtomic;
        _allowsMissingParents = request.AllowsMissingParents;
        _conditions = [.. request.Conditions];
        _idempotencyKey = request.IdempotencyKey;
    }

    /// <summary>The request.</summary>
    public AppendRequest ToRequest() => new()
    {
        Frames = _frames,
        Count = _count,
        IsAtomic = _isAtomic,
        AllowsMissingParents = _allowsMissingParents,
        Conditions = _conditions,
        IdempotencyKey = _idempotencyKey,
    };
}
