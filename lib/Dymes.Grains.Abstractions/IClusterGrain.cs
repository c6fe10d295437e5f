using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions;

/// <summary>How the replicas of a dataset are, for callers outside the silos: any silo answers. Its key is the dataset's name.</summary>
[Alias("dymes.cluster")]
public interface IClusterGrain : IGrainWithStringKey
{
    /// <summary>How the replicas are, as the silo knows that happens to be asked.</summary>
    [Alias("report")]
    ValueTask<ClusterReport> GetReportAsync(CancellationToken cancellationToken);
}
