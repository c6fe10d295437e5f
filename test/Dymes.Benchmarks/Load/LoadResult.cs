namespace Dymes.Benchmarks.Load;

/// <summary>One run of a load whose clients each wait for their answer.</summary>
/// <param name="Messages">What was acknowledged.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Errors">Requests that failed.</param>
/// <param name="P50">The median latency in milliseconds.</param>
/// <param name="P99">The latency in milliseconds that 99 of 100 requests kept below.</param>
internal sealed record LoadResult(long Messages, double Seconds, long Errors, double P50, double P99)
{
    public double PerSecond => Messages / Seconds;

    /// <summary>What this process spent on a message, in microseconds of a processor; null where the load came from another process.</summary>
    public double? ClientMicroseconds { get; init; }

    /// <summary>Runs of one kind as a figure; the latencies are those of the run in the middle.</summary>
    public static Measure Sum(string name, IReadOnlyList<LoadResult> runs)
    {
        var middle = runs.OrderBy(run => run.PerSecond).ElementAt(runs.Count / 2);
        var errors = runs.Sum(run => run.Errors);
        var note = $"p50 {Measure.Text(middle.P50)} ms, p99 {Measure.Text(middle.P99)} ms{(errors > 0 ? $", {errors} errors" : "")}";
        return new Measure(name, "messages/s", [.. runs.Select(run => run.PerSecond)], note);
    }
}
