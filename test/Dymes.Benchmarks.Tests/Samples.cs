using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Tests;

/// <summary>Tables as runs make them.</summary>
internal static class Samples
{
    public const string Flushed = "3 nodes, fsync before the ack";
    public const string Unflushed = "3 nodes, no fsync before the ack";

    public static TableRow Ours { get; } = new("Dymes, DymesClient", "fsync at a majority") { Class = Flushed, System = "Dymes", IsOurs = true };

    public static TableRow OursByWrk { get; } = Ours with { Name = "Dymes, wrk", IsDrivenCheaply = true };

    public static TableRow Rival { get; } = new("etcd", "fsync at a majority") { Class = Flushed };

    public static TableRow Aside { get; } = new("NATS", "no fsync") { Class = Unflushed };

    /// <summary>A table of one column with a figure for each row.</summary>
    public static ComparisonTable Table(params (TableRow Row, double Value)[] figures)
    {
        var table = new ComparisonTable("Singles", "messages/s");
        foreach (var (row, value) in figures)
        {
            table.Add(row, "16 clients", [value]);
        }

        return table;
    }
}
