namespace Dymes.Message.Log;

/// <summary>A log that is replicated nowhere: it is its own majority, and whatever it has is committed.</summary>
/// <param name="log">The log.</param>
/// <param name="replica">The number that the node has among others.</param>
public sealed class LoneNode(IMessageLog log, int replica = 0) : IClusterStatus, IReplicaProgress
{
    private const string Cluster = "dymes";
    private const string Name = "node";

    /// <inheritdoc/>
    public async ValueTask<ClusterReport> GetClusterAsync(CancellationToken cancellationToken = default)
    {
        var progress = await GetProgressAsync(cancellationToken).ConfigureAwait(false);
        return new ClusterReport(Cluster, Epoch: 1, View: null, Primary: null, [new ReplicaReport(replica, Name, Address: null, Http: null, SiloState.Alive, progress.Replicas[replica])]);
    }

    /// <inheritdoc/>
    public async ValueTask<GroupProgress> GetProgressAsync(CancellationToken cancellationToken = default)
    {
        var status = await log.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        var progress = new ReplicaProgress { Status = ReplicaState.Normal, Lag = 0, NextLsn = status.NextLsn.Value, Disk = status.Condition, Detail = status.Detail };
        return new GroupProgress(View: null, Primary: null, new Dictionary<int, ReplicaProgress> { [replica] = progress });
    }
}
