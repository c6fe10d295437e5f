using System.Diagnostics.Metrics;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Engine;

/// <summary>What the engine measures of itself, as instruments of the meter <c>Dymes.Engine</c>. Durations are in seconds, sizes in bytes.</summary>
internal sealed class EngineMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Dymes.Engine";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _appendsReceived;
    private readonly Counter<long> _appendsOk;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _queriesReceived;
    private readonly Counter<long> _queriesOk;
    private readonly Histogram<double> _appendSeconds;
    private readonly Histogram<double> _querySeconds;
    private readonly Histogram<double> _flushSeconds;
    private readonly Histogram<long> _batchBytes;

    public EngineMeter()
    {
        _appendsReceived = _meter.CreateCounter<long>("engine_appends_received", description: "Messages that were asked to be appended.");
        _appendsOk = _meter.CreateCounter<long>("engine_appends_ok", description: "Messages that are durable in the log.");
        _refusals = _meter.CreateCounter<long>("engine_refusals", description: "Appends that were refused, by reason.");
        _queriesReceived = _meter.CreateCounter<long>("engine_queries_received", description: "Queries that were begun.");
        _queriesOk = _meter.CreateCounter<long>("engine_queries_ok", description: "Queries that were answered to their end or limit.");
        _appendSeconds = _meter.CreateHistogram<double>("engine_append_seconds", "s", "From the arrival of an append in the engine to its durability.");
        _querySeconds = _meter.CreateHistogram<double>("engine_query_seconds", "s", "From the start of a query to its last page.");
        _flushSeconds = _meter.CreateHistogram<double>("engine_flush_seconds", "s", "One write and flush of a batch.");
        _batchBytes = _meter.CreateHistogram<long>("engine_batch_bytes", "By", "The size of a batch.");
    }

    /// <summary>Lets the meter read values when it is asked.</summary>
    public void Observe(Func<int> queuedRequests, Func<LogStatus> status)
    {
        _meter.CreateObservableGauge("engine_queue_requests", queuedRequests, description: "Appends that wait for the sequencer.");
        _meter.CreateObservableGauge("engine_segments", () => status().SegmentCount, description: "Segments, the active one included.");
        _meter.CreateObservableGauge("engine_stored_bytes", () => status().StoredBytes, "By", "Bytes of the dataset's files.");
        _meter.CreateObservableGauge("engine_messages", () => (long)status().NextLsn.Value, description: "Messages in the log.");
        _meter.CreateObservableGauge("engine_ready", () => status().Condition == LogCondition.Ready ? 1 : 0, description: "1 where appends are taken.");
    }

    public void Received(int messages) => _appendsReceived.Add(messages);

    public void Appended(AppendResult result, TimeSpan elapsed)
    {
        var stored = 0;
        foreach (var receipt in result.AsSpan())
        {
            if (receipt.IsStored)
            {
                stored++;
            }
            else
            {
                _refusals.Add(1, new KeyValuePair<string, object?>("reason", ReasonOf(receipt.Outcome)));
            }
        }

        _appendsOk.Add(stored);
        _appendSeconds.Record(elapsed.TotalSeconds);
    }

    public void Refused(Exception error) =>
        _refusals.Add(1, new KeyValuePair<string, object?>("reason", ErrorCatalog.Describe((error as DymesException)?.Code ?? ErrorCode.Internal).Slug));

    public void Flushed(int bytes, TimeSpan elapsed)
    {
        _flushSeconds.Record(elapsed.TotalSeconds);
        _batchBytes.Record(bytes);
    }

    public void QueryBegan() => _queriesReceived.Add(1);

    public void QueryEnded(TimeSpan elapsed)
    {
        _queriesOk.Add(1);
        _querySeconds.Record(elapsed.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();

    private static string ReasonOf(AppendOutcome outcome) => outcome switch
    {
        AppendOutcome.VersionMismatch => "version-mismatch",
        AppendOutcome.IdConflict => "id-conflict",
        AppendOutcome.ParentMissing => "parent-missing",
        AppendOutcome.IdempotencyMismatch => "idempotency-mismatch",
        _ => "aborted",
    };
}
