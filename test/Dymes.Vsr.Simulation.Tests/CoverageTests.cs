using Dymes.Vsr.Effects;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation.Faults;

namespace Dymes.Vsr.Simulation.Tests;

/// <summary>What never happens is not tested: every message, effect, way between statuses and fault comes about in a few hundred seeds.</summary>
public sealed class CoverageTests
{
    // From where a replica goes to where. Whatever is started recovers first; what stopped is started again.
    private static readonly (ReplicaStatus From, ReplicaStatus To)[] Edges =
    [
        (ReplicaStatus.Recovering, ReplicaStatus.Recovering),
        (ReplicaStatus.Recovering, ReplicaStatus.ViewChange),
        (ReplicaStatus.Recovering, ReplicaStatus.Normal),
        (ReplicaStatus.Recovering, ReplicaStatus.Stopped),
        (ReplicaStatus.ViewChange, ReplicaStatus.ViewChange),
        (ReplicaStatus.ViewChange, ReplicaStatus.Normal),
        (ReplicaStatus.ViewChange, ReplicaStatus.Stopped),
        (ReplicaStatus.Normal, ReplicaStatus.ViewChange),
        (ReplicaStatus.Normal, ReplicaStatus.Stopped),
    ];

    [Fact]
    public void Everything_that_can_happen_happens()
    {
        var coverage = SeedRange.Run(2_000_000, 1000).Coverage;

        var missing = Enum.GetValues<MessageKind>().Where(kind => coverage.Of(kind) == 0).Select(kind => $"message {kind}")
            .Concat(Enum.GetValues<EffectKind>().Where(kind => coverage.Of(kind) == 0).Select(kind => $"effect {kind}"))
            .Concat(Enum.GetValues<FaultKind>().Where(kind => coverage.Of(kind) == 0).Select(kind => $"fault {kind}"))
            .Concat(Edges.Where(edge => coverage.Of(edge.From, edge.To) == 0).Select(edge => $"{edge.From} to {edge.To}"));
        Assert.Empty(missing);
    }
}
