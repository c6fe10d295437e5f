using Dymes.Cluster.Tests.Node;

namespace Dymes.Benchmarks.Node;

/// <summary>A node over an empty directory of its own, which goes with it.</summary>
internal sealed class BenchNode : IAsyncDisposable
{
    private readonly NodePorts _ports = NodePorts.Free();
    private readonly DirectoryInfo _data;

    private BenchNode(DirectoryInfo data) => _data = data;

    public Uri Address => Process.Http;

    public Uri Messages => new(Process.Http, "/api/v1/messages");

    public string DataPath => _data.FullName;

    public NodeProcess Process { get; private set; } = null!;

    /// <summary>How much memory of the machine the process holds.</summary>
    public double ResidentMegabytes
    {
        get
        {
            using var process = System.Diagnostics.Process.GetProcessById(Process.Id);
            return process.WorkingSet64 / 1e6;
        }
    }

    public static async Task<BenchNode> StartAsync(string directory)
    {
        var node = new BenchNode(Directory.CreateDirectory(Path.Combine(directory, $"dymes-bench-{Guid.NewGuid():n}")));
        try
        {
            await node.StartAgainAsync();
            return node;
        }
        catch
        {
            node._data.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Stops the node as an operator does and starts it again; returns the seconds until it was ready.</summary>
    public async Task<double> RestartAsync()
    {
        await StopAsync();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await StartAgainAsync();
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Stops the node as an operator does.</summary>
    public async Task StopAsync()
    {
        await Process.StopAsync();
        await Process.DisposeAsync();
    }

    /// <summary>Starts the node over what it has, and waits until it is ready.</summary>
    public async Task StartAgainAsync() => Process = await NodeProcess.StartAsync(_data.FullName, _ports);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
