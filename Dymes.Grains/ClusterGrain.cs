using Dymes.Grains.Abstractions;
using Dymes.Grains.Hosting;
using Dymes.Message.Log;
using Orleans.Concurrency;

namespace Dymes.Grains;

/// <summary>The replicas as callers outside the silo see them. It holds nothing, so every silo has its own.</summary>
[StatelessWorker(1), Reentrant]
internal sealed class ClusterGrain(DatasetRegistry datasets, IGrainContext context, IClusterStatus status) : DymesGrain(datasets, context), IClusterGrain
{
    public ValueTask<ClusterReport> GetReportAsync(CancellationToken cancellationToken) => status.GetClusterAsync(cancellationToken);
}
