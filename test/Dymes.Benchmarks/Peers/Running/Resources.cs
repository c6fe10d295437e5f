using System.Globalization;
using System.Runtime.InteropServices;
using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Peers.Running;

/// <summary>What processes and directories take of the machine.</summary>
internal static partial class Resources
{
    /// <summary>The memory that processes and all that they started hold. Pages that several of them share count once, so a server of many processes is not told larger than it is.</summary>
    public static double ResidentMegabytes(params IEnumerable<int> processes) => WithChildren(processes).Sum(ProportionalKilobytes) * 1024 / 1e6;

    /// <summary>The time of a processor, in seconds, that processes and all that they started have had.</summary>
    public static double ProcessorSeconds(params IEnumerable<int> processes) => WithChildren(processes).Sum(id =>
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return process.TotalProcessorTime.TotalSeconds;
        }
        catch (Exception ended) when (ended is ArgumentException or InvalidOperationException)
        {
            return 0;
        }
    });

    /// <summary>The blocks of the disk that a directory takes, in bytes; what is reserved and not written counts.</summary>
    public static long DiskBytes(string directory) => long.Parse(Machine.Run("du", "--summarize", "--block-size=1", directory).Split('\t')[0], CultureInfo.InvariantCulture);

    /// <summary>Waits until everything that any program has written is on the disk: who did not wait for it pays here, and not the next one.</summary>
    [LibraryImport("libc", EntryPoint = "sync")]
    public static partial void SettleDisk();

    private static HashSet<int> WithChildren(IEnumerable<int> processes)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? (Id: id, Parent: ParentOf(id)) : default)
            .Where(process => process.Parent != 0)
            .ToLookup(process => process.Parent, process => process.Id);
        var found = new HashSet<int>();
        var open = new Queue<int>(processes);
        while (open.TryDequeue(out var id))
        {
            if (found.Add(id))
            {
                parents[id].ToList().ForEach(open.Enqueue);
            }
        }

        return found;
    }

    private static int ParentOf(int process)
    {
        var line = Lines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("PPid:", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line["PPid:".Length..], CultureInfo.InvariantCulture);
    }

    private static long ProportionalKilobytes(int process)
    {
        var line = Lines($"/proc/{process}/smaps_rollup").FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line["Pss:".Length..^"kB".Length], CultureInfo.InvariantCulture);
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            return []; // the process has ended meanwhile
        }
    }
}
