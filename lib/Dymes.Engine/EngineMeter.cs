using System.Diagnostics.Metrics;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Engine;

/// <summary>
/// What the engine measures of itself, as instruments of the meter <c>Dymes.Engine</c>. Durations are in seconds, sizes in bytes. Counters are asked for, not told, so that all of
/// them are seen from the start, whoever begins to listen when.
/// </summary>
public sealed class EngineMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Dymes.Engine";

    private readonly Meter _meter = new(Name);
    private readonly RefusalCounts _refusals = new();
    private readonly Histogram<double> _appendSeconds;
    private readonly Histogram<double> _querySeconds;
    private readonly Histogram<double> _flushSeconds;
    private readonly Histogram<long> _batchBytes;
    private long _appendsReceived;
    private long _appendsOk;
    private long _queriesReceived;
    private long _queriesOk;

    /// <summary>Makes the instruments.</summary>
    public EngineMeter()
    {
        _meter.CreateObservableCounter("engine_appends_received", () => Volatile.Read(ref _appendsReceived), description: "Messages that were asked to be appended.");
        _meter.CreateObservableCounter("engine_appends_ok", () => Volatile.Read(ref _appendsOk), description: "Messages that are durable in the log.");
        _meter.CreateObservableCounter("engine_refusals", _refusals.Measure, description: "Appends that were refused, by reason.");
        _meter.CreateObservableCounter("engine_queries_received", () => Volatile.Read(ref _queriesReceived), description: "Queries that were begun.");
        _meter.CreateObservableCounter("engine_queries_ok", () => Volatile.Read(ref _queriesOk), description: "Queries that were answered to their end or limit.");
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

    /// <summary>A request came with so many messages.</summary>
    public void Received(int messages) => Interlocked.Add(ref _appendsReceived, messages);

    /// <summary>A request was answered, so long after it came.</summary>
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
                _refusals.Count(receipt.Outcome);
            }
        }

        Interlocked.Add(ref _appendsOk, stored);
        _appendSeconds.Record(elapsed.TotalSeconds);
    }

    /// <summary>A request was refused as a whole.</summary>
    public void Refused(Exception error) => _refusals.Count((error as DymesException)?.Code ?? ErrorCode.Internal);

    /// <summary>A batch of so many bytes was written and flushed.</summary>
    public void Flushed(int bytes, TimeSpan elapsed)
    {
        _flushSeconds.Record(elapsed.TotalSeconds);
        _batchBytes.Record(bytes);
    }

    /// <summary>A query began.</summary>
    public void QueryBegan() => Interlocked.Increment(ref _queriesReceived);

    /// <summary>A query was answered to its end or limit.</summary>
    public void QueryEnded(TimeSpan elapsed)
    {
        Interlocked.Increment(ref _queriesOk);
        _querySeconds.Record(elapsed.TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
