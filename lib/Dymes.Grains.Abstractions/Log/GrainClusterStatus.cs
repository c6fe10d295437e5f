using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Log;

/// <summary>How the replicas of a dataset are, asked of whatever silo answers.</summary>
/// <param name="grains">Reaches the grains.</param>
/// <param name="dataset">The dataset's name.</param>
/// <param name="clock">Paces repeated attempts; null: the system's.</param>
public sealed class GrainClusterStatus(IGrainFactory grains, string dataset = DatasetKeys.DefaultDataset, TimeProvider? clock = null) : IClusterStatus
{
    private readonly ReadRetry _retry = new(clock ?? TimeProvider.System);

    /// <inheritdoc/>
    public ValueTask<ClusterReport> GetClusterAsync(CancellationToken cancellationToken = default) =>
        _retry.AFewTimesAsync(_ => grains.GetGrain<IClusterGrain>(dataset).GetReportAsync(cancellationToken), cancellationToken);
}
