using System.Text;
using Dymes.Message;

namespace Dymes.Cluster.Tests.RealEvents;

/// <summary>The files of this machine by the time of their last change: a channel per directory, each file correlated with its directory, so that they make one deep tree.</summary>
internal static class FileEvents
{
    private const int PathBytesMax = 200;
    private static readonly string[] NotOnDisk = ["/proc", "/sys", "/dev", "/run", "/tmp"];

    /// <summary>The root first, each directory before what is in it.</summary>
    public static IEnumerable<RealEvent> Read(string root)
    {
        var open = new Stack<(DirectoryInfo Directory, MessageId Parent)>([(new DirectoryInfo(root), MessageId.None)]);
        while (open.TryPop(out var next))
        {
            var (directory, parent) = next;
            if (!IsTold(directory))
            {
                continue;
            }

            var self = Of(directory, "directory", directory.Parent?.FullName ?? "", parent, bytes: 0);
            yield return self;
            foreach (var entry in Entries(directory))
            {
                switch (entry)
                {
                    case DirectoryInfo child when child.LinkTarget is null && !NotOnDisk.Contains(child.FullName):
                        open.Push((child, self.Id));
                        break;
                    case FileInfo file when file.LinkTarget is null && IsTold(file):
                        yield return Of(file, "file", directory.FullName, self.Id, file.Length);
                        break;
                }
            }
        }
    }

    // Rows for awk are lines with tabs, and channels have names of limited length.
    private static bool IsTold(FileSystemInfo entry) =>
        entry.LastWriteTimeUtc > DateTime.UnixEpoch && !entry.FullName.Any(char.IsControl) && Encoding.UTF8.GetByteCount(entry.FullName) <= PathBytesMax;

    private static RealEvent Of(FileSystemInfo entry, string kind, string place, MessageId parent, long bytes) =>
        RealEvent.Create(entry.LastWriteTimeUtc, kind, entry.FullName, $"directory{place}", parent, new { path = entry.FullName, bytes });

    private static FileSystemInfo[] Entries(DirectoryInfo directory)
    {
        try
        {
            return [.. directory.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            return [];
        }
    }
}
