using System.Text.Json;
using Dymes.Common;

namespace Dymes.Tools.Stressing;

/// <summary>What a load came to.</summary>
internal sealed class StressReport(StressPlan plan, TimeSpan elapsed)
{
    public static readonly double[] Percentiles = [50, 90, 99, 99.9, 99.99];

    public StressPlan Plan => plan;

    public TimeSpan Elapsed => elapsed;

    public LatencyRecord Appends { get; } = new();

    public LatencyRecord Queries { get; } = new();

    public long MessagesAppended { get; set; }

    public long MessagesRead { get; set; }

    public SortedDictionary<ErrorCode, long> Errors { get; } = [];

    /// <summary>A rate over the time measured.</summary>
    public double PerSecond(long count) => count / Math.Max(elapsed.TotalSeconds, 1e-6);

    /// <summary>Writes all of it as one document.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("loop", plan.Rate is null ? "closed" : "open");
        json.WriteNumber("clients", plan.Clients);
        if (plan.Rate is { } rate)
        {
            json.WriteNumber("rate", rate);
        }

        json.WriteNumber("batch", plan.Batch);
        json.WriteNumber("body_bytes", plan.BodyBytes);
        json.WriteNumber("channels", plan.Channels);
        json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 6));
        WriteKind(json, "appends", Appends, MessagesAppended);
        WriteKind(json, "queries", Queries, MessagesRead);
        json.WriteStartObject("errors");
        foreach (var (code, count) in Errors)
        {
            json.WriteNumber(ErrorCatalog.Describe(code).Slug, count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteKind(Utf8JsonWriter json, string name, LatencyRecord times, long messages)
    {
        json.WriteStartObject(name);
        json.WriteNumber("requests", times.Count);
        json.WriteNumber("requests_per_second", Math.Round(PerSecond(times.Count), 1));
        json.WriteNumber("messages", messages);
        json.WriteNumber("messages_per_second", Math.Round(PerSecond(messages), 1));
        json.WriteNumber("body_bytes_per_second", Math.Round(PerSecond(messages * plan.BodyBytes), 1));
        WriteTimes(json, "latency_ms", times);
        if (plan.Rate is null)
        {
            WriteTimes(json, "latency_ms_corrected", times.Corrected());
        }

        json.WriteEndObject();
    }

    private static void WriteTimes(Utf8JsonWriter json, string name, LatencyRecord times)
    {
        json.WriteStartObject(name);
        json.WriteNumber("mean", Math.Round(times.MeanMilliseconds, 3));
        foreach (var percentile in Percentiles)
        {
            json.WriteNumber($"p{percentile.ToString(System.Globalization.CultureInfo.InvariantCulture)}", times.MillisecondsAt(percentile));
        }

        json.WriteNumber("max", times.MaxMilliseconds);
        json.WriteEndObject();
    }
}
