using System.Globalization;

namespace Dymes.Vsr.Simulation.Telling;

/// <summary>A timeline as lines: the time, then a column for each replica, in which its part stands.</summary>
public static class ColumnText
{
    private const int TimeWidth = 11;
    private const int ColumnMin = 24;

    /// <summary>The lines of a timeline.</summary>
    /// <param name="timeline">What happened.</param>
    /// <param name="width">How wide a line may be; each replica has at least 24 columns whatever it is.</param>
    public static IEnumerable<string> Lines(Timeline timeline, int width)
    {
        var column = Math.Max(ColumnMin, (width - TimeWidth) / timeline.Replicas);
        yield return "ms".PadLeft(TimeWidth) + " " + string.Concat(Enumerable.Range(0, timeline.Replicas).Select(number => $"replica {number}".PadRight(column))).TrimEnd();
        foreach (var entry in timeline.Entries)
        {
            var time = (entry.AtMicroseconds / 1000.0).ToString("0.000", CultureInfo.InvariantCulture).PadLeft(TimeWidth);
            yield return entry.Replica < 0
                ? $"{time} -- {entry.Text}"
                : $"{time} {new string(' ', entry.Replica * column)}{Mark(entry.Kind)}{entry.Text}";
        }
    }

    private static string Mark(TimelineKind kind) => kind switch
    {
        TimelineKind.Fault => "!! ",
        TimelineKind.Primary or TimelineKind.Backup or TimelineKind.ViewChange or TimelineKind.Recovering or TimelineKind.Stopped or TimelineKind.Down => "== ",
        _ => "",
    };
}
