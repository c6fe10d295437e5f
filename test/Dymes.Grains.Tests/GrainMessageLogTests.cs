using Dymes.Grains.Tests.Cluster;
using Dymes.Message.Log;
using Dymes.Testing.Contract;

namespace Dymes.Grains.Tests;

/// <summary>The contract of a log, kept by the grains: a client outside, two silos, and the model as their log.</summary>
public sealed class GrainMessageLogTests(GrainCluster cluster) : MessageLogContract
{
    protected override ValueTask<IMessageLog> OpenAsync(TimeProvider clock) => ValueTask.FromResult<IMessageLog>(cluster.OpenModel(clock).Log);
}
