using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Dymes.Benchmarks.Load;

/// <summary>The figures of a run as a page of markdown, with all that is needed to judge and to repeat them.</summary>
internal sealed class Report(string title, string command)
{
    private readonly List<(string Section, Measure Measure)> _measures = [];

    public void Add(string section, Measure measure)
    {
        _measures.Add((section, measure));
        Console.WriteLine($"{section}: {measure.ToRow()}");
    }

    public string ToMarkdown(DateTimeOffset time)
    {
        var lines = new List<string>
        {
            $"# {title}, {time:yyyy-MM-dd}",
            "",
            $"- Command: `{command}`",
            $"- Commit: {Commit()}",
            $"- Machine: {Machine()}",
            "- The load generator runs on the same cores. The median of the rounds, then the lowest and the highest. Bodies of 1,024 bytes.",
        };
        foreach (var section in _measures.GroupBy(entry => entry.Section))
        {
            lines.AddRange(["", $"## {section.Key}", "", "| what | median | range | unit | note |", "|---|--:|--:|---|---|"]);
            lines.AddRange(section.Select(entry => entry.Measure.ToRow()));
        }

        return string.Join('\n', lines) + "\n";
    }

    private static string Commit()
    {
        var changed = Run("git", "status", "--porcelain").Length > 0 ? ", with changes that are not committed" : "";
        return Run("git", "rev-parse", "--short", "HEAD") + changed;
    }

    private static string Machine()
    {
        var processor = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30);
        var disk = Run("df", "--output=fstype", Path.GetTempPath()).Split('\n')[^1];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores of {processor ?? "an unnamed processor"}, {memory} GiB, {disk} below {Path.GetTempPath()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return output;
    }
}
