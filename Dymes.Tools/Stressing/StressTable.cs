using System.Globalization;
using Dymes.Common;
using Dymes.Tools.Terminal;
using Spectre.Console;

namespace Dymes.Tools.Stressing;

/// <summary>Shows a report as a table, live where somebody watches.</summary>
internal static class StressTable
{
    public static IAnsiConsole CreateConsole(ToolTerminal terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Output),
            Ansi = terminal.IsOutputWatched ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = terminal.Columns;
        return console;
    }

    public static Table Build(StressReport report)
    {
        var table = new Table().Border(TableBorder.Simple).Title(Title(report));
        table.AddColumn("");
        foreach (var heading in (string[])["requests", "requests/s", "messages/s", "MiB/s", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "p99.99 ms", "max ms"])
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        AddKind(table, "appends", report, report.Appends, report.MessagesAppended);
        AddKind(table, "queries", report, report.Queries, report.MessagesRead);
        foreach (var (code, count) in report.Errors)
        {
            table.AddRow(ErrorCatalog.Describe(code).Slug, count.ToString("N0", CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static void AddKind(Table table, string name, StressReport report, LatencyRecord times, long messages)
    {
        if (times.Count == 0)
        {
            return;
        }

        const double Mebibyte = 1024 * 1024;
        table.AddRow(
        [
            name,
            Number(times.Count),
            Number(report.PerSecond(times.Count)),
            Number(report.PerSecond(messages)),
            (report.PerSecond(messages) * report.Plan.BodyBytes / Mebibyte).ToString("N1", CultureInfo.InvariantCulture),
            .. Times(times),
        ]);
        if (report.Plan.Rate is null)
        {
            table.AddRow(["  corrected", "", "", "", "", .. Times(times.Corrected())]);
        }
    }

    private static IEnumerable<string> Times(LatencyRecord times) =>
        StressReport.Percentiles.Select(times.MillisecondsAt).Append(times.MaxMilliseconds).Select(time => time.ToString("0.000", CultureInfo.InvariantCulture));

    private static string Title(StressReport report) => report.Plan.Rate is { } rate
        ? string.Create(CultureInfo.InvariantCulture, $"open loop, {rate:N0} requests/s, {report.Elapsed.TotalSeconds:0.0} s; latency from when a request was due")
        : string.Create(CultureInfo.InvariantCulture, $"closed loop, {report.Plan.Clients} clients, {report.Elapsed.TotalSeconds:0.0} s; corrected: without coordinated omission");

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
