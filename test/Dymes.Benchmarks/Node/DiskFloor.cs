using System.Diagnostics;
using Dymes.MessageStore.Files;

namespace Dymes.Benchmarks.Node;

/// <summary>What the disk gives: the same bytes in the same batches, one plain write and one fdatasync each, and nothing else.</summary>
internal static class DiskFloor
{
    private const long FileBytes = 256L << 20;

    /// <summary>Batches per second, written one after the other at the end of a growing file, as a plain program would.</summary>
    public static double GrowingPerSecond(string directory, int batchBytes, TimeSpan duration) => PerSecond(directory, batchBytes, duration, overZeros: false);

    /// <summary>The same past the page cache, in whole blocks.</summary>
    public static double BlocksPerSecond(string directory, int batchBytes, TimeSpan duration)
    {
        var path = Path.Combine(directory, "floor");
        using var file = OsFileSystem.Instance.Open(path, DataFileMode.Create);
        var length = (int)BlockBuffer.RoundUp(batchBytes);
        var batch = new BlockBuffer(length).Bytes[..length];
        new Random(batchBytes).NextBytes(batch);
        var watch = Stopwatch.StartNew();
        long batches = 0;
        for (; watch.Elapsed < duration; batches++)
        {
            file.WriteBlocks(batch, batches * length);
            file.Flush();
        }

        var perSecond = batches / watch.Elapsed.TotalSeconds;
        OsFileSystem.Instance.Delete(path);
        return perSecond;
    }

    /// <summary>Batches per second over zeros that were written before the clock started: the best that a program could do that prepares its files for nothing.</summary>
    public static double OverZerosPerSecond(string directory, int batchBytes, TimeSpan duration) => PerSecond(directory, batchBytes, duration, overZeros: true);

    private static double PerSecond(string directory, int batchBytes, TimeSpan duration, bool overZeros)
    {
        var path = Path.Combine(directory, "floor");
        using var file = OsFileSystem.Instance.Open(path, DataFileMode.Create);
        if (overZeros)
        {
            Zero(file);
        }

        var batch = new byte[batchBytes];
        new Random(batchBytes).NextBytes(batch);
        var watch = Stopwatch.StartNew();
        long batches = 0;
        long offset = 0;
        while (watch.Elapsed < duration)
        {
            offset = overZeros && offset + batchBytes > FileBytes ? 0 : offset;
            file.Write(batch, offset);
            file.Flush();
            offset += batchBytes;
            batches++;
        }

        var perSecond = batches / watch.Elapsed.TotalSeconds;
        OsFileSystem.Instance.Delete(path);
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
