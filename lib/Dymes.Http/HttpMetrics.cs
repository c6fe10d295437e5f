using System.Diagnostics;
using System.Diagnostics.Metrics;
using Dymes.Common;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http;

/// <summary>What the front door counts, as the meter <c>Dymes.Http</c>.</summary>
public sealed class HttpMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Dymes.Http";

    internal const string ClientGone = "client-gone";
    internal const string ClientStalled = "client-stalled";

    // What a request can be refused for, beside the codes of the catalog.
    private static readonly string[] ReasonsOfTheDoor = [ClientGone, ClientStalled, "request-timeout", "method-not-allowed", "not-acceptable"];

    // Codes that no request brings about.
    private static readonly ErrorCode[] CodesOfStart = [ErrorCode.ForeignFile, ErrorCode.DirectoryInUse, ErrorCode.ConfigurationInvalid, ErrorCode.ConnectionFailed];

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _seconds;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _liveness;
    private readonly Counter<long> _readiness;
    private readonly UpDownCounter<long> _cursors;
    private readonly UpDownCounter<long> _subscriptions;
    private readonly UpDownCounter<long> _batches;
    private readonly UpDownCounter<long> _buffered;

    /// <summary>Creates the instruments.</summary>
    public HttpMetrics()
    {
        _requests = _meter.CreateCounter<long>("dymes_http_requests", null, "Requests by route, method and status.");
        _seconds = _meter.CreateHistogram<double>(
            "dymes_http_request_seconds", "s", "Time from a request's head to the end of its answer, by route.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        _refusals = _meter.CreateCounter<long>("dymes_http_refusals", null, "Requests that were refused, by reason: the last part of the problem's type.");
        _liveness = _meter.CreateCounter<long>("dymes_http_liveness_probes", null, "Questions whether the process lives.");
        _readiness = _meter.CreateCounter<long>("dymes_http_readiness_probes", null, "Questions whether the node is ready.");
        _cursors = _meter.CreateUpDownCounter<long>("dymes_http_cursors_open", null, "Cursors opened and not closed through this front door; one that expired was not closed.");
        _subscriptions = _meter.CreateUpDownCounter<long>("dymes_http_subscriptions_open", null, "Subscriptions under way.");
        _batches = _meter.CreateUpDownCounter<long>("dymes_http_batches_open", null, "Batches and imports under way.");
        _buffered = _meter.CreateUpDownCounter<long>("dymes_http_buffered_bytes", "By", "Memory of large requests, of pages, and of receipts that are not read, as http.bufferedBytesMax bounds it.");
        ShowZeros();
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal Meter Meter => _meter;

    /// <summary>Shows the routes at 0. Who serves them calls it once.</summary>
    internal void Show(IEnumerable<Route> routes)
    {
        foreach (var route in routes)
        {
            foreach (var verb in route.Verbs)
            {
                _requests.Add(0, new("route", route.Pattern), new("method", verb.Method), new("status", StatusCodes.Status200OK));
            }
        }
    }

    internal void CountRequest(string route, string method, int status, long started)
    {
        if (_requests.Enabled)
        {
            _requests.Add(1, new("route", route), new("method", method), new("status", status));
        }

        if (_seconds.Enabled)
        {
            _seconds.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("route", route));
        }
    }

    internal void CountRefusal(string reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void CountLivenessProbe() => _liveness.Add(1);

    internal void CountReadinessProbe() => _readiness.Add(1);

    internal void CursorOpened() => _cursors.Add(1);

    internal void CursorClosed() => _cursors.Add(-1);

    internal void CountSubscriptions(int change) => _subscriptions.Add(change);

    internal void CountBatches(int change) => _batches.Add(change);

    internal void CountBuffered(long change) => _buffered.Add(change);

    // A rate that first appears with its first case misses it.
    private void ShowZeros()
    {
        foreach (var reason in Enum.GetValues<ErrorCode>().Except(CodesOfStart).Select(code => ErrorCatalog.Describe(code).Slug).Concat(ReasonsOfTheDoor))
        {
            _refusals.Add(0, new KeyValuePair<string, object?>("reason", reason));
        }

        _liveness.Add(0);
        _readiness.Add(0);
        _cursors.Add(0);
        _subscriptions.Add(0);
        _batches.Add(0);
        _buffered.Add(0);
    }
}
