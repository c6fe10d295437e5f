using System.Globalization;
using Dymes.Message.Log;

namespace Dymes.Tools.Clustering;

/// <summary>A report as lines for people: a row for each replica, in 80 columns but for long addresses, which stand last.</summary>
internal static class ClusterTable
{
    private const string Unknown = "-";

    public static IReadOnlyList<string> Lines(ClusterReport report)
    {
        string[][] rows =
        [
            ["", "name", "silo", "replica", "view", "op", "commit", "lag", "heard", "disk", "address"],
            .. report.Replicas.Select(replica => Row(replica, report.Primary == replica.Replica)),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return
        [
            Title(report),
            "",
            .. rows.Select(row => string.Join("  ", row.Select((text, column) => IsNumber(column) ? text.PadLeft(widths[column]) : text.PadRight(widths[column]))).TrimEnd()),
            .. report.Replicas.SelectMany(replica => Remarks(replica.Progress).Select(remark => $"{replica.Name}: {remark}")),
        ];
    }

    private static IEnumerable<string> Remarks(ReplicaProgress? progress)
    {
        if (progress?.Detail is { } detail)
        {
            yield return detail;
        }

        if (progress?.ScrubPercent is < 100 and var percent)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"It reads its files to find damage: {percent} %.");
        }

        if (progress?.DamageFound is > 0 and var found)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"It has found {found:N0} damaged places in its files since it was started; its log says where, and what became of them.");
        }
    }

    private static string Title(ClusterReport report)
    {
        var view = report.View is { } current ? string.Create(CultureInfo.InvariantCulture, $", view {current}") : "";
        var primary = report.Primary is { } number && number < report.Replicas.Count ? $", primary {report.Replicas[number].Name}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"cluster {report.Cluster}, epoch {report.Epoch}{view}{primary}");
    }

    private static string[] Row(ReplicaReport replica, bool isPrimary)
    {
        var progress = replica.Progress;
        return
        [
            replica.Replica.ToString(CultureInfo.InvariantCulture),
            replica.Name,
            replica.Silo.ToString().ToLowerInvariant(),
            progress is null ? Unknown : isPrimary ? "primary" : Name(progress.Status),
            Number(progress?.View),
            Number(progress?.LastOp),
            Number(progress?.Commit),
            Number(progress?.Lag),
            progress?.LastHeardMilliseconds is { } heard ? Time(heard) : Unknown,
            progress is null ? Unknown : Name(progress.Disk),
            replica.Http ?? replica.Address ?? Unknown,
        ];
    }

    private static bool IsNumber(int column) => column is >= 4 and <= 8;

    private static string Number(ulong? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? Unknown;

    private static string Time(long milliseconds) => milliseconds < 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000.0:N1} s");

    private static string Name(ReplicaState state) => state == ReplicaState.ViewChange ? "view change" : state.ToString().ToLowerInvariant();

    private static string Name(LogCondition disk) => disk switch
    {
        LogCondition.Ready => "ready",
        LogCondition.NotReady => "not ready",
        LogCondition.DiskFull => "full",
        _ => "failed",
    };
}
