using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Dymes.Replication;

namespace Dymes.Grains.Replicas;

/// <summary>The members of groups that live in this silo, by dataset. Safe for concurrent use.</summary>
public sealed class ReplicaRegistry
{
    private readonly ConcurrentDictionary<string, ReplicatedLog> _replicas = new(StringComparer.Ordinal);
    private long _unreadable;

    /// <summary>Makes a registry without members.</summary>
    public ReplicaRegistry(IMeterFactory meters) => meters.Create("Dymes.Grains").CreateObservableCounter(
        "replica_packets_unreadable", () => Volatile.Read(ref _unreadable), description: "Packets of other members that could not be read: of a newer version, or damaged.");

    /// <summary>Adds a member: from now on mail reaches it.</summary>
    public void Add(string dataset, ReplicatedLog replica) => _replicas[dataset] = replica;

    internal ReplicatedLog? Find(string dataset) => _replicas.GetValueOrDefault(dataset);

    internal void CountUnreadable() => Interlocked.Increment(ref _unreadable);
}
