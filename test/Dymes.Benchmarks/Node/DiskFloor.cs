using System.Diagnostics;
using Dymes.MessageStore.Files;

namespace Dymes.Benchmarks.Node;

/// <summary>What the disk gives: the same bytes in the same batches, one plain write and one fdatasync each, and nothing else.</summary>
internal static class DiskFloor
{
    private const long FileBytes = 256L << 20;

    /// <summary>Batches per second, written one after the other over zeros that are there already, as a segment is.</summary>
    public static double BatchesPerSecond(string directory, int batchBytes, TimeSpan duration)
    {
        var path = Path.Combine(directory, "floor");
        using var file = OsFileSystem.Instance.Open(path, DataFileMode.Create);
        Zero(file);
        var batch = new byte[batchBytes];
        new Random(batchBytes).NextBytes(batch);
        var watch = Stopwatch.StartNew();
        long batches = 0;
        long offset = 0;
        while (watch.Elapsed < duration)
        {
            offset = offset + batchBytes > FileBytes ? 0 : offset;
            file.Write(batch, offset);
            file.Flush();
            offset += batchBytes;
            batches++;
        }

        var perSecond = batches / watch.Elapsed.TotalSeconds;
        File.Delete(path);
        return perSecond;
    }

    private static void Zero(IDataFile file)
    {
        var zeros = new byte[4 << 20];
        for (long offset = 0; offset < FileBytes; offset += zeros.Length)
        {
            file.Write(zeros, offset);
        }

        file.Flush();
    }
}
