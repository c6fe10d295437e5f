using System.Diagnostics.Metrics;
using System.Text;
using Dymes.Hosting.Metering;
using Prometheus;

namespace Dymes.Hosting.Tests;

public sealed class MeterBridgeTests : IDisposable
{
    private readonly Meter _meter = new("Dymes.Test." + Guid.NewGuid().ToString("N"));
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly MeterBridge _bridge;

    public MeterBridgeTests() => _bridge = new MeterBridge(_registry);

    public void Dispose()
    {
        _bridge.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task A_counter_is_a_total_with_help_type_and_labels()
    {
        var counter = _meter.CreateCounter<long>("engine.refusals", description: "Refusals, by reason.");
        counter.Add(2, new KeyValuePair<string, object?>("reason", "disk-full"));
        counter.Add(1, new KeyValuePair<string, object?>("reason", "overloaded"));
        counter.Add(3, new KeyValuePair<string, object?>("reason", "disk-full"));
        var text = await ScrapeAsync();
        Assert.Contains("# HELP dymes_engine_refusals_total Refusals, by reason.\n# TYPE dymes_engine_refusals_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("dymes_engine_refusals_total{reason=\"disk-full\"} 5\n", text, StringComparison.Ordinal);
        Assert.Contains("dymes_engine_refusals_total{reason=\"overloaded\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_has_prefix_and_ending_keeps_them()
    {
        _meter.CreateCounter<long>("dymes_http_requests_total").Add(1);
        Assert.Contains("\ndymes_http_requests_total 1\n", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_that_are_asked_for_are_those_of_the_scrape()
    {
        var value = 1;
        _meter.CreateObservableGauge("open", () => value);
        _meter.CreateObservableCounter("seen", () => value * 10L);
        Assert.Contains("\ndymes_open 1\n", await ScrapeAsync(), StringComparison.Ordinal);
        value = 7;
        var text = await ScrapeAsync();
        Assert.Contains("\ndymes_open 7\n", text, StringComparison.Ordinal);
        Assert.Contains("\ndymes_seen_total 70\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gauge_goes_up_and_down()
    {
        var gauge = _meter.CreateUpDownCounter<int>("under_way");
        gauge.Add(3);
        gauge.Add(-2);
        Assert.Contains("# TYPE dymes_under_way gauge\ndymes_under_way 1\n", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_histogram_has_the_buckets_that_its_instrument_advises_or_those_of_its_unit()
    {
        _meter.CreateHistogram<double>("advised", "s", "", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] }).Record(1.5);
        _meter.CreateHistogram<double>("flush_seconds", "s").Record(0.0002);
        var text = await ScrapeAsync();
        Assert.Contains("dymes_advised_bucket{le=\"1\"} 0\ndymes_advised_bucket{le=\"2\"} 1\ndymes_advised_bucket{le=\"+Inf\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("dymes_flush_seconds_bucket{le=\"0.0001\"} 0\ndymes_flush_seconds_bucket{le=\"0.00025\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meters_of_others_do_not_count()
    {
        using var foreign = new Meter("Other.Meter");
        foreign.CreateCounter<long>("foreign").Add(1);
        Assert.DoesNotContain("foreign", await ScrapeAsync(), StringComparison.Ordinal);
    }

    private async Task<string> ScrapeAsync()
    {
        using var stream = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(stream);
        return "\n" + Encoding.UTF8.GetString(stream.ToArray());
    }
}
