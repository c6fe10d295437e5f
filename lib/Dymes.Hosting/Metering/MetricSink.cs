using System.Diagnostics.Metrics;
using System.Globalization;
using Prometheus;

namespace Dymes.Hosting.Metering;

/// <summary>Where the measurements of one instrument go. Labels are the tags of its first measurement: an instrument of Dymes always has the same.</summary>
internal sealed class MetricSink
{
    private static readonly double[] SecondsBuckets =
        [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly double[] BytesBuckets = Histogram.ExponentialBuckets(256, 4, 10);
    private static readonly double[] CountBuckets = Histogram.ExponentialBuckets(1, 2, 14);

    private readonly Func<string[], Action<double, string[]>> _create;
    private readonly Lock _gate = new();
    private string[] _labels = [];
    private Action<double, string[]>? _write;

    private MetricSink(Func<string[], Action<double, string[]>> create) => _create = create;

    public static MetricSink For(Instrument instrument, IMetricFactory metrics)
    {
        var kind = instrument.GetType().GetGenericTypeDefinition();
        var isTotal = kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>);
        var name = MetricName.Of(instrument, isTotal);
        var help = instrument.Description ?? name;
        return new MetricSink(labels =>
        {
            if (isTotal)
            {
                var counter = metrics.CreateCounter(name, help, labels, new CounterConfiguration { ExemplarBehavior = ExemplarBehavior.NoExemplars() });
                return kind == typeof(Counter<>)
                    ? (value, values) => counter.WithLabels(values).Inc(value)
                    : (value, values) => counter.WithLabels(values).IncTo(value);
            }

            if (kind == typeof(Histogram<>))
            {
                var histogram = metrics.CreateHistogram(name, help, labels, new HistogramConfiguration { Buckets = BucketsOf(instrument), ExemplarBehavior = ExemplarBehavior.NoExemplars() });
                return (value, values) => histogram.WithLabels(values).Observe(value);
            }

            var gauge = metrics.CreateGauge(name, help, labels);
            return kind == typeof(UpDownCounter<>)
                ? (value, values) => gauge.WithLabels(values).Inc(value)
                : (value, values) => gauge.WithLabels(values).Set(value);
        });
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var write = Volatile.Read(ref _write) ?? Create(tags);
        write(value, tags.Length == 0 ? [] : ValuesOf(tags));
    }

    private Action<double, string[]> Create(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            if (_write is null)
            {
                _labels = new string[tags.Length];
                for (var i = 0; i < tags.Length; i++)
                {
                    _labels[i] = tags[i].Key;
                }

                Volatile.Write(ref _write, _create(Array.ConvertAll(_labels, MetricName.Words)));
            }

            return _write;
        }
    }

    private string[] ValuesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var values = new string[_labels.Length];
        Array.Fill(values, "");
        foreach (var tag in tags)
        {
            var index = Array.IndexOf(_labels, tag.Key);
            if (index >= 0)
            {
                values[index] = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
            }
        }

        return values;
    }

    private static double[] BucketsOf(Instrument instrument) =>
        instrument is Instrument<double> { Advice.HistogramBucketBoundaries: { } advised } ? [.. advised] : instrument.Unit switch
        {
            "s" => SecondsBuckets,
            "By" => BytesBuckets,
            _ => CountBuckets,
        };
}
