using System.Diagnostics;
using System.Globalization;
using Dymes.Cluster.Tests.Node;

namespace Dymes.Cluster.Tests.Faults.Disks;

/// <summary>A file system of a process's own, in memory, that is soon full; gone with the process. Linux only, where user namespaces are allowed.</summary>
internal static class SmallDisk
{
    private const string BallastName = "ballast";

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Missing { get; } = Run("unshare", "--user", "--map-root-user", "--mount", "true") ? null : "user namespaces are not allowed here (unshare --user --map-root-user --mount)";

    /// <summary>The command that begins a process with such a disk: what it runs follows.</summary>
    /// <param name="path">Where the disk is.</param>
    /// <param name="bytes">How much it has room for.</param>
    public static string[] Command(string path, long bytes)
    {
        Directory.CreateDirectory(path);
        var mount = string.Create(CultureInfo.InvariantCulture, $"mount -t tmpfs -o size={bytes} tmpfs '{path}' && exec \"$@\"");
        return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"];
    }

    /// <summary>Fills the disk of a process up to what is to be left.</summary>
    public static void Fill(int process, string path, long left)
    {
        var root = Inside(process, path);
        using var ballast = new FileStream(Path.Combine(root, BallastName), FileMode.Append);
        var block = new byte[64 * 1024];
        while (new DriveInfo(root).AvailableFreeSpace > left + block.Length)
        {
            ballast.Write(block);
            ballast.Flush();
        }
    }

    /// <summary>Makes room again.</summary>
    public static void Empty(int process, string path) => File.Delete(Path.Combine(Inside(process, path), BallastName));

    private static string Inside(int process, string path) => string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/root{path}");

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            return process.WaitForExit(Deadline.OfWait) && process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
