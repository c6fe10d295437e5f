using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Tests;

public sealed class ReportTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dymes-report-");
    private readonly Report _report;

    public ReportTests()
    {
        Assert.True(BenchOptions.TryParse(["peers", "--out", Page, "--json", Path.Combine(_folder.FullName, "run.json")], out var options));
        _report = new Report("Side by side", options);
    }

    private string Page => Path.Combine(_folder.FullName, "run.md");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_breaks_one_part_leaves_the_others_and_is_told()
    {
        await _report.RunPartAsync("Reading", () => throw new InvalidOperationException("no reader | here\nand more"), CancellationToken.None);
        await _report.RunPartAsync("Singles", MeasureAsync, CancellationToken.None);

        var page = await File.ReadAllTextAsync(Page);
        Assert.Contains("- **Reading broke off:** no reader / here\n", page);
        Assert.Contains("| etcd | fsync at a majority | 200 |", page);
    }

    [Fact]
    public async Task Each_part_is_saved_before_the_next_begins()
    {
        await _report.RunPartAsync("Singles", MeasureAsync, CancellationToken.None);

        Assert.Contains("![Singles](run-singles.svg)", await File.ReadAllTextAsync(Page));
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "run-singles.svg")));
        Assert.Contains("\"system\": \"etcd\"", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "run.json")));
    }

    [Fact]
    public async Task A_run_that_is_stopped_says_where()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => _report.RunPartAsync("Singles", () => throw new IOException("killed"), stop.Token));
        await _report.SaveAsync();

        Assert.Contains("**Stopped by hand** in *Singles*", await File.ReadAllTextAsync(Page));
    }

    private Task MeasureAsync()
    {
        var table = _report.Add(new ComparisonTable("Singles", "messages/s") { Plot = new Plots.Bars() });
        table.Add(Samples.Rival, "16 clients", [200]);
        return Task.CompletedTask;
    }
}
