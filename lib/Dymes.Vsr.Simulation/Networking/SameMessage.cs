using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Simulation.Networking;

/// <summary>Whether two messages say the same, in every field: the same bytes do not prove it, for a codec may leave a field out both when it writes and when it reads.</summary>
internal static class SameMessage
{
    // What compares by reference is taken from the other and compared by itself; every other field, one that is new too, is the record's own equality.
    public static bool Is(VsrMessage one, VsrMessage other) => (one, other) switch
    {
        (Prepare first, Prepare second) => first with { Entry = second.Entry } == second && Is(first.Entry, second.Entry),
        (NewState first, NewState second) => first with { Entries = second.Entries } == second && first.Entries.Count == second.Entries.Count && first.Entries.Zip(second.Entries).All(pair => Is(pair.First, pair.Second)),
        (DoViewChange first, DoViewChange second) => first with { Suffix = second.Suffix } == second && Is(first.Suffix, second.Suffix),
        (StartView first, StartView second) => first with { Suffix = second.Suffix } == second && Is(first.Suffix, second.Suffix),
        _ => one == other,
    };

    private static bool Is(LogEntry one, LogEntry other) => one.Checksum == other.Checksum && one.Header == other.Header && one.Body.Span.SequenceEqual(other.Body.Span);

    private static bool Is(LogSuffix one, LogSuffix other) => one.BaseOp == other.BaseOp && one.Checksums.SequenceEqual(other.Checksums);
}
