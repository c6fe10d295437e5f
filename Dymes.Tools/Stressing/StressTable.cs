using System.Globalization;
using Dymes.Common;

namespace Dymes.Tools.Stressing;

/// <summary>A report as lines for people: a column for each kind of request, so that it is read in a narrow terminal too.</summary>
internal static class StressTable
{
    private const int NameWidth = 12;
    private const int ColumnWidth = 13;

    public static IReadOnlyList<string> Lines(StressReport report)
    {
        var columns = Columns(report).ToArray();
        return
        [
            Title(report),
            "",
            Row("", columns.Select(column => column.Heading)),
            .. CountRows(report, columns),
            .. StressReport.Percentiles.Select(percentile => Row(
                string.Create(CultureInfo.InvariantCulture, $"p{percentile} ms"), columns.Select(column => Time(column.Times.MillisecondsAt(percentile))))),
            Row("max ms", columns.Select(column => Time(column.Times.MaxMilliseconds))),
            .. report.Errors.Select(error => string.Create(CultureInfo.InvariantCulture, $"{error.Value:N0} requests failed: {ErrorCatalog.Describe(error.Key).Slug}")),
        ];
    }

    private static IEnumerable<Column> Columns(StressReport report) =>
        ColumnsOf("appends", report, report.Appends, report.MessagesAppended).Concat(ColumnsOf("queries", report, report.Queries, report.MessagesRead));

    private static IEnumerable<Column> ColumnsOf(string name, StressReport report, LatencyRecord times, long messages)
    {
        if (times.Count == 0)
        {
            yield break;
        }

        yield return new Column(name, times, times.Count, messages);
        if (report.Plan.Rate is null)
        {
            yield return new Column("corrected", times.Corrected(), null, 0);
        }
    }

    // A corrected column has times only: the requests that were left out were not made.
    private static IEnumerable<string> CountRows(StressReport report, Column[] columns)
    {
        const double Mebibyte = 1024 * 1024;
        yield return Row("requests", columns.Select(column => column.Requests is { } count ? Number(count) : ""));
        yield return Row("requests/s", columns.Select(column => column.Requests is { } count ? Number(report.PerSecond(count)) : ""));
        yield return Row("messages/s", columns.Select(column => column.Requests is null ? "" : Number(report.PerSecond(column.Messages))));
        yield return Row("MiB/s", columns.Select(column => column.Requests is null ? ""
            : (report.PerSecond(column.Messages) * report.Plan.BodyBytes / Mebibyte).ToString("N1", CultureInfo.InvariantCulture)));
    }

    private static string Row(string name, IEnumerable<string> values) =>
        $"{name.PadRight(NameWidth)}{string.Concat(values.Select(value => value.PadLeft(ColumnWidth)))}".TrimEnd();

    private static string Title(StressReport report) => report.Plan.Rate is { } rate
        ? string.Create(CultureInfo.InvariantCulture, $"open loop, {rate:N0} requests/s, {report.Elapsed.TotalSeconds:0.0} s; times from when a request was due")
        : string.Create(CultureInfo.InvariantCulture, $"closed loop, {report.Plan.Clients} clients, {report.Elapsed.TotalSeconds:0.0} s; corrected: for coordinated omission");

    private static string Time(double milliseconds) => milliseconds.ToString("N3", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Column(string Heading, LatencyRecord Times, long? Requests, long Messages);
}
