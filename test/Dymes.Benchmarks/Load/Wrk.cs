using System.Diagnostics;
using System.Globalization;
using Dymes.Benchmarks.Micro;

namespace Dymes.Benchmarks.Load;

/// <summary>The load generator wrk (a package of Debian): cheap enough to share two cores with what it measures.</summary>
internal static class Wrk
{
    public const string HowToInstall = "apt-get install wrk";
    private const string Mark = "RESULT ";

    public static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "wrk")));

    /// <summary>Posts messages over this many connections, each waiting for its answer.</summary>
    public static async Task<LoadResult> PostAsync(Uri target, int connections, TimeSpan duration, int bodyBytes = SampleMessages.BodyBytes)
    {
        var threads = Math.Min(connections, 2);
        var start = new ProcessStartInfo(
            "wrk",
            [$"-t{threads}", $"-c{connections}", $"-d{(int)duration.TotalSeconds}s", "--timeout", "10s", "-s", Path.Combine(AppContext.BaseDirectory, "Load", "post.lua"), target.ToString(), "--", Text(bodyBytes)])
        {
            RedirectStandardOutput = true,
        };
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        return Parse(output);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static LoadResult Parse(string output)
    {
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk told no result:\n{output}");
        var numbers = line[Mark.Length..].Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new LoadResult(numbers[0], numbers[1] / 1e6, numbers[2], numbers[3] / 1e3, numbers[4] / 1e3);
    }
}
