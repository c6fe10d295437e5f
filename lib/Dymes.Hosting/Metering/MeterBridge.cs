using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Prometheus;

namespace Dymes.Hosting.Metering;

/// <summary>
/// Shows the meters of Dymes' libraries as Prometheus metrics, with names, types and help of their own: prometheus-net's adapter puts the meter's name first and leaves
/// <c>_total</c> out. The libraries know nothing of Prometheus. Safe for concurrent use: recording goes straight to the metric.
/// </summary>
internal sealed class MeterBridge : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly IMetricFactory _metrics;
    private readonly ConcurrentDictionary<Instrument, MetricSink> _sinks = [];

    public MeterBridge(CollectorRegistry registry)
    {
        _metrics = Metrics.WithCustomRegistry(registry);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("Dymes.", StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument, _sinks.GetOrAdd(instrument, MetricSink.For(instrument, _metrics)));
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((MetricSink)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((MetricSink)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((MetricSink)state!).Record(value, tags));
        _listener.Start();
        registry.AddBeforeCollectCallback(_listener.RecordObservableInstruments);
    }

    public void Dispose() => _listener.Dispose();
}
