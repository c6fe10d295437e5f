using Dymes.Engine;
using Dymes.Grains.Tests.Cluster;
using Dymes.Message.Log;
using Dymes.Testing.Contract;

namespace Dymes.Grains.Tests;

/// <summary>The contract of a log, kept by the grains: a client outside, two silos, and an engine that both of them hold.</summary>
public sealed class GrainMessageLogTests(GrainCluster cluster) : MessageLogContract
{
    private DymesEngine? _engine;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _engine!.DisposeAsync();
    }

    protected override ValueTask<IMessageLog> OpenAsync(TimeProvider clock)
    {
        (var dataset, _engine) = EngineDataset.Open(clock);
        return ValueTask.FromResult<IMessageLog>(cluster.Add(dataset));
    }
}
