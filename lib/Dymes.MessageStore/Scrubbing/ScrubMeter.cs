using System.Diagnostics.Metrics;

namespace Dymes.MessageStore.Scrubbing;

/// <summary>What the scrubber has done since the start, as instruments of the meter <c>Dymes.MessageStore</c>. They are asked for, so that all are seen from the start.</summary>
internal sealed class ScrubMeter : IDisposable
{
    private readonly Meter _meter = new("Dymes.MessageStore");
    private long _bytes;
    private long _passes;
    private long _entries;
    private long _indexes;
    private long _marks;
    private long _unreadable;
    private double _lastPass;
    private long _passBytes;
    private volatile bool _isResting;

    public ScrubMeter()
    {
        _meter.CreateObservableCounter("scrub_bytes", () => Volatile.Read(ref _bytes), "By", "Bytes that were read in the background to find damage.");
        _meter.CreateObservableCounter("scrub_passes", () => Volatile.Read(ref _passes), description: "How often all files were read to their end.");
        _meter.CreateObservableCounter(
            "scrub_damage_found",
            () => new[] { Of("entry", ref _entries), Of("mark", ref _marks), Of("index", ref _indexes), Of("segment", ref _unreadable) },
            description: "What was found damaged, each time that it was: entries, marks between them, index files, and segments that could not be checked.");
        _meter.CreateObservableGauge("scrub_last_pass_seconds", () => Volatile.Read(ref _lastPass), "s", "When the last reading of all files ended, in seconds since 1970; 0 where none has.");
    }

    /// <summary>How far it is, where all files have so many bytes.</summary>
    public ScrubProgress Progress(long bytes) => new(
        _isResting ? 100 : (int)Math.Min(99, Volatile.Read(ref _passBytes) * 100 / Math.Max(bytes, 1)),
        Volatile.Read(ref _entries) + Volatile.Read(ref _marks) + Volatile.Read(ref _indexes) + Volatile.Read(ref _unreadable));

    public void PassBegins()
    {
        Volatile.Write(ref _passBytes, 0);
        _isResting = false;
    }

    public void Read(int bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _passBytes, bytes);
    }

    public void FoundEntries(int count) => Interlocked.Add(ref _entries, count);

    public void FoundMarks(int count) => Interlocked.Add(ref _marks, count);

    public void FoundIndex() => Interlocked.Increment(ref _indexes);

    public void FoundUnreadable() => Interlocked.Increment(ref _unreadable);

    public void PassEnded(DateTimeOffset now)
    {
        Volatile.Write(ref _lastPass, now.ToUnixTimeMilliseconds() / 1000.0);
        Interlocked.Increment(ref _passes);
        _isResting = true;
    }

    public void Dispose() => _meter.Dispose();

    private static Measurement<long> Of(string what, ref long count) => new(Volatile.Read(ref count), new KeyValuePair<string, object?>("what", what));
}
