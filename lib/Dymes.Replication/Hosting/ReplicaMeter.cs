using System.Diagnostics.Metrics;
using Dymes.Vsr;

namespace Dymes.Replication.Hosting;

/// <summary>
/// What a member measures of its part in the group, as instruments of the meter <c>Dymes.Replication</c>: asked for, not told, so that all of them are seen from the start and the replica's
/// thread does nothing for them.
/// </summary>
internal sealed class ReplicaMeter : IDisposable
{
    private static readonly (ReplicaStatus Status, string Name)[] Statuses =
        [(ReplicaStatus.Recovering, "recovering"), (ReplicaStatus.ViewChange, "view-change"), (ReplicaStatus.Normal, "normal"), (ReplicaStatus.Stopped, "stopped")];

    private readonly Meter _meter = new("Dymes.Replication");
    private readonly Histogram<double> _stateSeconds;

    public ReplicaMeter() => _stateSeconds = _meter.CreateHistogram<double>("replica_state_seconds", "s", "One write and flush of the view and what else the replica must not forget.");

    /// <summary>Lets the meter read values when it is asked.</summary>
    public void Observe(Func<MemberReport> report)
    {
        _meter.CreateObservableGauge("replica_status", () => Statuses.Select(known => Of(known.Name, report().Status == known.Status)), description: "1 for what the replica is doing.");
        _meter.CreateObservableGauge("replica_is_primary", () => report().IsPrimary ? 1 : 0, description: "1 where the replica takes the group's requests.");
        _meter.CreateObservableGauge("replica_view", () => (long)report().View.Value, description: "The view that the replica is in; it grows when another one becomes the primary.");
        _meter.CreateObservableGauge("replica_last_op", () => (long)report().LastOp, description: "The last entry of the replica's log.");
        _meter.CreateObservableGauge("replica_commit_op", () => (long)report().CommitOp, description: "The last entry of the replica's log that is committed.");
        _meter.CreateObservableGauge("replica_lag_ops", () => (long)report().Lag, description: "How many entries are committed in the group and cannot be read here yet.");
        _meter.CreateObservableGauge("replica_disk_full", () => report().IsDiskFull ? 1 : 0, description: "1 where the disk has no room for more entries.");
        _meter.CreateObservableCounter("replica_view_changes", () => report().Upkeep.ViewChanges, description: "How often the replica went to another view.");
        _meter.CreateObservableCounter("replica_entries_fetched", () => (long)report().Upkeep.EntriesFetched, description: "Entries that were fetched from others because they were missed.");
        _meter.CreateObservableCounter("replica_repairs_asked", () => (long)report().Upkeep.RepairsAsked, description: "Questions to others for entries that are damaged on this disk.");
        _meter.CreateObservableCounter("replica_repairs_mended", () => report().Upkeep.RepairsMended, description: "Damaged entries that are whole again.");
        _meter.CreateObservableGauge("replica_repairs_waiting", () => report().Upkeep.RepairsWaiting, description: "Damaged entries that no other replica has given yet.");
        _meter.CreateObservableCounter("replica_inbox_lost", () => report().Upkeep.InboxLost, description: "Messages of others that were lost because too many waited.");
    }

    /// <summary>The hard state was written and flushed.</summary>
    public void StateWritten(TimeSpan elapsed) => _stateSeconds.Record(elapsed.TotalSeconds);

    public void Dispose() => _meter.Dispose();

    private static Measurement<int> Of(string status, bool isSo) => new(isSo ? 1 : 0, new KeyValuePair<string, object?>("status", status));
}
