using System.Diagnostics;
using System.Globalization;

namespace Dymes.Benchmarks.Load;

/// <summary>One run of wrk.</summary>
/// <param name="Requests">Answered requests.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Errors">Requests that failed or got another status than 2xx or 3xx.</param>
/// <param name="P50">The median latency in milliseconds.</param>
/// <param name="P99">The latency in milliseconds that 99 of 100 requests kept below.</param>
internal sealed record WrkResult(long Requests, double Seconds, long Errors, double P50, double P99)
{
    public double PerSecond => Requests / Seconds;

    /// <summary>Runs of one kind as a figure; the latencies are those of the run in the middle.</summary>
    public static Measure Sum(string name, IReadOnlyList<WrkResult> runs)
    {
        var middle = runs.OrderBy(run => run.PerSecond).ElementAt(runs.Count / 2);
        var errors = runs.Sum(run => run.Errors);
        var note = $"p50 {Measure.Text(middle.P50)} ms, p99 {Measure.Text(middle.P99)} ms{(errors > 0 ? $", {errors} errors" : "")}";
        return new Measure(name, "messages/s", [.. runs.Select(run => run.PerSecond)], note);
    }
}

/// <summary>The load generator wrk (a package of Debian): cheap enough to share two cores with what it measures.</summary>
internal static class Wrk
{
    private const string Mark = "RESULT ";

    public static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "wrk")));

    /// <summary>Posts messages over this many connections, each waiting for its answer.</summary>
    public static async Task<WrkResult> PostAsync(Uri target, int connections, TimeSpan duration)
    {
        var threads = Math.Min(connections, 2);
        var start = new ProcessStartInfo(
            "wrk",
            [$"-t{threads}", $"-c{connections}", $"-d{(int)duration.TotalSeconds}s", "--timeout", "10s", "-s", Path.Combine(AppContext.BaseDirectory, "Load", "post.lua"), target.ToString()])
        {
            RedirectStandardOutput = true,
        };
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        return Parse(output);
    }

    internal static WrkResult Parse(string output)
    {
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk told no result:\n{output}");
        var numbers = line[Mark.Length..].Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new WrkResult(numbers[0], numbers[1] / 1e6, numbers[2], numbers[3] / 1e3, numbers[4] / 1e3);
    }
}
