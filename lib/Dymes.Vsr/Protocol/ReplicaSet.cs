using System.Numerics;

namespace Dymes.Vsr.Protocol;

/// <summary>Some of the replicas. One that is added twice counts once.</summary>
internal struct ReplicaSet
{
    private uint _bits;

    public readonly int Count => BitOperations.PopCount(_bits);

    public readonly bool Contains(ReplicaNumber replica) => (_bits & (1u << replica.Value)) != 0;

    public void Add(ReplicaNumber replica) => _bits |= 1u << replica.Value;

    public void Clear() => _bits = 0;
}
