using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Dymes.Benchmarks.Load;

/// <summary>What a figure depends on beside the program: the machine and the commit.</summary>
internal static class Machine
{
    public static string Commit
    {
        get
        {
            // Reports of other runs are no change of what is measured.
            var changed = Run("git", "status", "--porcelain", "--", ".", ":!bench").Length > 0 ? ", with changes that are not committed" : "";
            return Run("git", "rev-parse", "--short", "HEAD") + changed;
        }
    }

    public static string Describe(string directory)
    {
        var processor = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30);
        var disk = Run("df", "--output=fstype", directory).Split('\n')[^1];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores of {processor ?? "an unnamed processor"}, {memory} GiB, {disk} below {directory}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public static void RunToSuccess(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed with {process.ExitCode}: {errors.GetAwaiter().GetResult()}");
        }
    }

    /// <summary>The output of a program that was run to its end.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return output;
    }
}
