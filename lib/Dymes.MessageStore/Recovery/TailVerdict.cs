namespace Dymes.MessageStore.Recovery;

/// <summary>What the end of a growing segment is taken for.</summary>
internal enum TailVerdict
{
    /// <summary>All batches are whole.</summary>
    Clean,

    /// <summary>The last batch was being written when the machine stopped. Nobody was told that it was durable: it is cut.</summary>
    TornWrite,

    /// <summary>Bytes that were durable are damaged or gone. Nothing is cut without the operator's word.</summary>
    Corruption,
}

/// <summary>
/// The truth table of opening a growing segment. A batch is durable for certain when a later mark stands behind it (it was written after the flush), or when the journal says so (a clean
/// close). Everything else at the end may be a torn write, and a torn write was never acknowledged.
/// </summary>
internal static class TailTable
{
    private static readonly TailRow[] Rows =
    [
        new("T1 whole", WalkStopKind.Zeros, MarkBehind: false, JournalCovers: false, TailVerdict.Clean),
        new("T2 zeros where the journal saw batches", WalkStopKind.Zeros, MarkBehind: false, JournalCovers: true, TailVerdict.Corruption),
        new("T3 torn last batch", WalkStopKind.Damage, MarkBehind: false, JournalCovers: false, TailVerdict.TornWrite),
        new("T4 damaged after a clean close", WalkStopKind.Damage, MarkBehind: false, JournalCovers: true, TailVerdict.Corruption),
        new("T5 damaged with a later batch behind it", WalkStopKind.Damage, MarkBehind: true, JournalCovers: false, TailVerdict.Corruption),
        new("T6 damaged, covered and with a later batch", WalkStopKind.Damage, MarkBehind: true, JournalCovers: true, TailVerdict.Corruption),
    ];

    /// <summary>The row that applies to a walk that ended.</summary>
    public static TailRow Decide(SegmentWalk walk, WalkStop stop, bool journalCovers) =>
        Decide(stop.Kind, stop.Kind == WalkStopKind.Damage && walk.HasMarkBehind(stop.Offset), journalCovers);

    /// <summary>The row that applies. A stop at zeros has no mark behind it by its definition.</summary>
    public static TailRow Decide(WalkStopKind stop, bool markBehind, bool journalCovers) =>
        Rows.Single(row => row.Stop == stop && row.MarkBehind == markBehind && row.JournalCovers == journalCovers);
}

/// <summary>One row of the table.</summary>
internal sealed record TailRow(string Label, WalkStopKind Stop, bool MarkBehind, bool JournalCovers, TailVerdict Verdict);
