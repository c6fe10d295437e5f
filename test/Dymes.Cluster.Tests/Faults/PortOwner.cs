using System.Globalization;

namespace Dymes.Cluster.Tests.Faults;

/// <summary>Whose connection it is that comes from a port of this machine, as Linux tells in /proc.</summary>
internal static class PortOwner
{
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>The one of these processes that has the connection from this port; null where none has.</summary>
    public static int? Find(int port, IEnumerable<int> processes)
    {
        var sockets = Tables.SelectMany(File.ReadLines).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(row => row[1].EndsWith($":{port:X4}", StringComparison.Ordinal))
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"socket:[{row[9]}]"))
            .ToHashSet();
        return processes.Cast<int?>().FirstOrDefault(process => Handles(process!.Value).Any(sockets.Contains));
    }

    private static IEnumerable<string> Handles(int process)
    {
        try
        {
            return Directory.GetFiles($"/proc/{process}/fd").Select(path => new FileInfo(path).LinkTarget ?? "").ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // it has just ended
        }
    }
}
