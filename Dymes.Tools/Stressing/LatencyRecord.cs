using HdrHistogram;

namespace Dymes.Tools.Stressing;

/// <summary>Times of one kind of request, in microseconds. Not thread-safe: each client has its own, and they are added up.</summary>
internal sealed class LatencyRecord
{
    private const long MicrosecondsMax = 3_600L * 1_000_000;
    private const int Digits = 3;

    private readonly LongHistogram _times = new(MicrosecondsMax, Digits);

    public long Count => _times.TotalCount;

    public void Add(TimeSpan time) => _times.RecordValue(Math.Clamp((long)time.TotalMicroseconds, 1, MicrosecondsMax));

    public void Add(LatencyRecord other) => _times.Add(other._times);

    public void Clear() => _times.Reset();

    public double MillisecondsAt(double percentile) => Count == 0 ? 0 : _times.GetValueAtPercentile(percentile) / 1000.0;

    public double MaxMilliseconds => Count == 0 ? 0 : _times.GetMaxValue() / 1000.0;

    public double MeanMilliseconds => Count == 0 ? 0 : _times.GetMean() / 1000.0;

    /// <summary>
    /// The times as they would be, had a client that waited long not left out the requests it would have sent meanwhile (coordinated omission): for each time over the usual
    /// interval, the shorter ones that those requests would have had are added.
    /// </summary>
    public LatencyRecord Corrected()
    {
        var corrected = new LatencyRecord();
        var interval = Count == 0 ? 0 : _times.GetValueAtPercentile(50);
        foreach (var step in _times.RecordedValues())
        {
            corrected._times.RecordValueWithCount(step.ValueIteratedTo, step.CountAddedInThisIterationStep);
            for (var missing = step.ValueIteratedTo - interval; interval > 0 && missing >= interval; missing -= interval)
            {
                corrected._times.RecordValueWithCount(missing, step.CountAddedInThisIterationStep);
            }
        }

        return corrected;
    }
}
