using System.Globalization;
using System.Text;

namespace Dymes.Vsr.Simulation.Telling;

/// <summary>A run as a picture, in a page of its own: a row for each replica with what it was and when, the faults above, the commits below.</summary>
public static class TimelinePicture
{
    private const int Left = 80;
    private const int Width = 1400;
    private const int Top = 40;
    private const int RowHeight = 44;
    private const int CommitHeight = 160;

    /// <summary>The page.</summary>
    /// <param name="timeline">What happened.</param>
    /// <param name="title">What run it was.</param>
    public static string Html(Timeline timeline, string title)
    {
        var scale = new TimeScale(timeline.EndMicroseconds, Left, Width);
        var rows = Top + (timeline.Replicas * RowHeight);
        var svg = new StringBuilder();
        for (var replica = 0; replica < timeline.Replicas; replica++)
        {
            Row(svg, timeline, scale, replica);
        }

        Commits(svg, timeline, scale, rows + 20);
        Axis(svg, scale, rows + CommitHeight + 40);
        return $$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>{{Escape(title)}}</title><style>
            body { font: 14px system-ui, sans-serif; margin: 24px; color-scheme: light dark }
            svg { width: 100%; height: auto } text { font-size: 12px; fill: currentColor }
            .Primary { fill: #2b7a4b } .Backup { fill: #8fc4a4 } .ViewChange { fill: #e0b03c } .Recovering { fill: #6f8fd0 } .Stopped { fill: #b0413e } .Down { fill: #8886 }
            .Fault { fill: #d0312d } .Broken { stroke: #d0312d; stroke-width: 2 } .commit { fill: none; stroke-width: 1.5; stroke: currentColor } .axis { stroke: #888 }
            </style></head><body><h1>{{Escape(title)}}</h1>
            <p>{{Legend()}} Point at something to read what it is.</p>
            <svg viewBox="0 0 {{Left + Width + 40}} {{rows + CommitHeight + 70}}" role="img">
            {{svg}}</svg></body></html>
            """;
    }

    private static string Legend() => string.Join(' ', new[] { "Primary", "Backup", "ViewChange", "Recovering", "Stopped", "Down", "Fault" }.Select(name =>
        $"<svg viewBox=\"0 0 12 12\" style=\"width:12px\"><rect width=\"12\" height=\"12\" class=\"{name}\"/></svg> {name}"));

    private static void Row(StringBuilder svg, Timeline timeline, TimeScale scale, int replica)
    {
        var y = Top + (replica * RowHeight);
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"4\" y=\"{y + 25}\">replica {replica}</text>\n");
        var own = timeline.Events.Where(entry => entry.Replica == replica).ToList();
        var standings = own.Where(entry => entry.Kind is >= TimelineKind.Primary and <= TimelineKind.Down).ToList();
        for (var i = 0; i < standings.Count; i++)
        {
            var (from, to) = (scale.X(standings[i].AtMicroseconds), scale.X(i + 1 < standings.Count ? standings[i + 1].AtMicroseconds : timeline.EndMicroseconds));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{from:0.0}\" y=\"{y + 12}\" width=\"{to - from:0.0}\" height=\"20\" class=\"{standings[i].Kind}\">{Tip(standings[i])}</rect>\n");
            if (to - from > 30 && standings[i].Kind != TimelineKind.Down)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{from + 4:0.0}\" y=\"{y + 26}\">v{standings[i].Number}</text>\n");
            }
        }

        foreach (var fault in own.Where(entry => entry.Kind == TimelineKind.Fault))
        {
            var x = scale.X(fault.AtMicroseconds);
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x - 5:0.0},{y} h10 l-5,10 z\" class=\"Fault\">{Tip(fault)}</path>\n");
        }
    }

    private static void Commits(StringBuilder svg, Timeline timeline, TimeScale scale, int y)
    {
        var applied = timeline.Events.Where(entry => entry.Kind == TimelineKind.Applied).ToList();
        var most = Math.Max(1, applied.Select(entry => entry.Number).DefaultIfEmpty().Max());
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"4\" y=\"{y + 12}\">op {most}</text><text x=\"4\" y=\"{y + CommitHeight}\">op 0</text>\n");
        foreach (var replica in applied.GroupBy(entry => entry.Replica))
        {
            var points = string.Join(' ', replica.Select(entry => string.Create(
                CultureInfo.InvariantCulture, $"{scale.X(entry.AtMicroseconds):0.0},{y + CommitHeight - (CommitHeight * (double)entry.Number / most):0.0}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"commit\" opacity=\"{1 - (0.12 * replica.Key):0.00}\" points=\"{points}\"><title>applied by replica {replica.Key}</title></polyline>\n");
        }

        foreach (var broken in timeline.Events.Where(entry => entry.Kind == TimelineKind.Broken))
        {
            var x = scale.X(broken.AtMicroseconds);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"Broken\" x1=\"{x:0.0}\" x2=\"{x:0.0}\" y1=\"{Top}\" y2=\"{y + CommitHeight}\">{Tip(broken)}</line>\n");
        }
    }

    private static void Axis(StringBuilder svg, TimeScale scale, int y)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{y}\" y2=\"{y}\"/>\n");
        for (var at = 0UL; at <= scale.EndMicroseconds; at += scale.StepMicroseconds)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{scale.X(at):0.0}\" y=\"{y + 16}\">{at / 1_000_000} s</text>\n");
        }
    }

    private static string Tip(TimelineEntry entry) => string.Create(CultureInfo.InvariantCulture, $"<title>{entry.AtMicroseconds / 1000.0:0.000} ms: {Escape(entry.Text)}</title>");

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
