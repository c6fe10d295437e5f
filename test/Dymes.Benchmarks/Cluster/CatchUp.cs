using System.Diagnostics;
using Dymes.Benchmarks.Load;
using Dymes.Cluster.Tests.Faults;
using Dymes.Message.Log;

namespace Dymes.Benchmarks.Cluster;

/// <summary>A silo that lost its disk takes everything from the others: alone, and while clients append.</summary>
internal static class CatchUp
{
    public const string Section = "A blank silo";
    private const int MessagesPerRequest = 8192;
    private const int Channels = 1000;
    private const int Clients = 16;
    private const long Messages = 1_000_000; // of 1 KiB, and what is around them: about 1.1 GB

    public static async Task RunAsync(BenchOptions options, Report report)
    {
        await using var cluster = await SiloCluster.StartAsync(3);
        var primary = await cluster.PrimaryAsync();
        var blank = cluster.Nodes.First(node => node != primary);
        await BatchLoad.Frames(MessagesPerRequest, Channels).FillAsync(primary.Http, Messages);
        await cluster.UntilWholeAsync();
        var idle = new List<double>();
        for (var round = 0; round < options.Rounds; round++)
        {
            await EmptyAsync(blank);
            idle.Add(await FillAsync(cluster, blank));
        }

        report.Add(Section, new Measure("nothing else to do", "MB/s", idle, $"{Measure.Text(SizeOf(blank) / 1e6)} MB, from the first entry until none is missing"));
        if (!Wrk.IsInstalled)
        {
            Console.Error.WriteLine($"wrk is not installed; the blank silo is not measured under load. On Debian: {Wrk.HowToInstall}");
            return;
        }

        await Wrk.PostAsync(ClusterPosts.Messages(primary), Clients, TimeSpan.FromSeconds(20));
        var before = await Rounds.InTurnsAsync(options.Rounds, () => Wrk.PostAsync(ClusterPosts.Messages(primary), Clients, options.Duration));
        var busy = new List<double>();
        var during = new List<LoadResult>();
        for (var round = 0; round < options.Rounds; round++)
        {
            await EmptyAsync(blank);
            using var filled = new CancellationTokenSource();
            var appends = Task.Run(async () =>
            {
                while (!filled.IsCancellationRequested)
                {
                    during.Add(await Wrk.PostAsync(ClusterPosts.Messages(primary), Clients, options.Duration));
                }
            });
            busy.Add(await FillAsync(cluster, blank));
            await filled.CancelAsync();
            await appends;
        }

        report.Add(Section, new Measure($"{Clients} clients append meanwhile", "MB/s", busy));
        report.Add(Section, LoadResult.Sum($"{Clients} clients, all silos whole", before[0]));
        report.Add(Section, LoadResult.Sum($"{Clients} clients, a silo is filled", during));
    }

    // Before clients append: to remove a gigabyte from the disk that all silos share holds up everybody's flushes, which a disk lost elsewhere does not.
    private static async Task EmptyAsync(SiloNode blank)
    {
        await blank.StopAsync();
        blank.Wipe();
    }

    // Measured from the time when the silo runs: its start is another figure.
    private static async Task<double> FillAsync(SiloCluster cluster, SiloNode blank)
    {
        await blank.StartAsync();
        var (watch, had) = (Stopwatch.StartNew(), SizeOf(blank));
        await cluster.UntilAsync(blank, report => report.Replicas[cluster.NumberOf(blank)].Progress is { Status: ReplicaState.Normal, Lag: < 100, LastOp: > 0 }, "it has everything");
        return (SizeOf(blank) - had) / 1e6 / watch.Elapsed.TotalSeconds;
    }

    private static long SizeOf(SiloNode node) => new DirectoryInfo(node.DataPath).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
