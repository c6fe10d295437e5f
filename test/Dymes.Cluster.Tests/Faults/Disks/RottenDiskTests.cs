using System.Diagnostics;
using System.Globalization;
using Dymes.Cluster.Tests.Faults.History;
using Dymes.Cluster.Tests.Node;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Verification;

namespace Dymes.Cluster.Tests.Faults.Disks;

/// <summary>Disks that lose bytes and say nothing of it.</summary>
public sealed class RottenDiskTests(ITestOutputHelper output)
{
    private const int Holes = 12;
    private const int Reads = 300;

    [Fact]
    public async Task Bytes_that_go_bad_under_a_running_silo_are_mended_and_hide_nothing_before_that()
    {
        await using var cluster = await SiloCluster.StartAsync(3, options: ["--store.segmentBytesMax=131072", "--store.scrubBytesPerSecond=67108864", "--store.scrubEvery=1s"]);
        await cluster.UntilWholeAsync();
        var node = cluster.Nodes[1];
        await using var load = new SteadyLoad(cluster, 4);
        var directory = Path.Combine(node.DataPath, "default");
        await UntilAsync(() => Directory.GetFiles(directory, "*.idx").Length >= 4, "segments are sealed behind those two");

        string[] paths = [.. new[] { "dymes_00000001.msg", "dymes_00000001.idx", "dymes_00000002.idx" }.Select(name => Path.Combine(directory, name))];
        var whole = paths.Select(File.ReadAllBytes).ToArray();
        var watch = Stopwatch.StartNew();
        foreach (var path in paths)
        {
            Damage(path);
        }

        using var calls = new DoorCalls();
        foreach (var attempt in load.History.Attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Acknowledged).Take(Reads))
        {
            load.History.Add(attempt, await calls.ReadAsync(node.Door, attempt, "session"));
        }

        await UntilAsync(() => paths.Zip(whole).All(file => file.Second.AsSpan().SequenceEqual(File.ReadAllBytes(file.First))), "all bytes are back");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mended after {watch.Elapsed.TotalSeconds:0.00} s; {load.Acknowledged} acknowledged, {load.Troubles.Count} not"));
        Assert.Contains("dymes_scrub_damage_found_total{what=\"entry\"}", await MetricsAsync(node), StringComparison.Ordinal);
        Assert.Empty(load.Troubles);
        await load.CheckAsync();
        foreach (var each in cluster.Nodes)
        {
            await each.StopAsync();
            Assert.Empty(new StoreVerifier(OsFileSystem.Instance, Path.Combine(each.DataPath, "default")).Check().Faults);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Appends_go_on_while_a_silo_cannot_look_up_their_channel_because_both_files_of_its_segments_went_bad(bool isPrimary)
    {
        await using var cluster = await SiloCluster.StartAsync(3, options: ["--store.segmentBytesMax=131072", "--store.scrubEvery=1d"]);
        await cluster.UntilWholeAsync();
        await using var load = new SteadyLoad(cluster, 4);
        var primary = await cluster.PrimaryAsync();
        var node = isPrimary ? primary : cluster.Nodes.First(each => each != primary);
        var directory = Path.Combine(node.DataPath, "default");
        await UntilAsync(() => Directory.GetFiles(directory, "*.idx").Length >= 3, "segments are sealed");

        string[] indexes = Directory.GetFiles(directory, "*.idx");
        foreach (var index in indexes)
        {
            Damage(index);
            Damage(Path.ChangeExtension(index, ".msg"));
        }

        await UntilAsync(() => Directory.GetFiles(directory, "*.idx").Length >= indexes.Length + 2, "later segments are sealed too");
        await load.GoOnAsync(100);
        output.WriteLine(FormattableString.Invariant($"{indexes.Length} segments damaged; {load.Acknowledged} acknowledged, {load.Troubles.Count} not, longest silence {load.LongestSilence.TotalSeconds:0.00} s"));
        Assert.Empty(load.Troubles);
        await load.CheckAsync();
    }

    // Here and there, whatever it is.
    private static void Damage(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        for (var hole = 0; hole < Holes; hole++)
        {
            file.Position = file.Length * hole / Holes;
            var value = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(value ^ 0x10));
        }
    }

    private static async Task<string> MetricsAsync(SiloNode node)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(node.Process.Ops, "metrics"));
    }

    private static async Task UntilAsync(Func<bool> isSo, string what)
    {
        using var patience = new CancellationTokenSource(Deadline.OfWait);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!isSo())
        {
            Assert.False(patience.IsCancellationRequested, $"{what}, in time");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
