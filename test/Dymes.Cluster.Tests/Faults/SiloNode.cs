using Dymes.Client;
using Dymes.Cluster.Tests.Faults.Disks;
using Dymes.Cluster.Tests.Faults.History;
using Dymes.Cluster.Tests.Node;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Faults;

/// <summary>One silo of a cluster, through all its lives: each is a process, and its name, ports and data stay.</summary>
public sealed class SiloNode : IAsyncDisposable
{
    // What Orleans says in a silo that the others have voted dead: it must end itself.
    private const string VotedDead = "I have been told I am dead";

    private readonly string[] _options;
    private readonly List<string> _crashes = [];
    private NodeProcess? _process;
    private bool _isEnded;

    internal SiloNode(string name, string folder, NodePorts ports, string[] options) => (Name, DataPath, Ports, _options) = (name, Path.Combine(folder, name), ports, options);

    /// <summary>The name among the replicas.</summary>
    public string Name { get; }

    /// <summary>The data directory.</summary>
    public string DataPath { get; }

    /// <summary>The room of a disk of its process's own; null where it uses that of the tests.</summary>
    public long? DiskBytes { get; init; }

    /// <summary>The ports that the process listens on.</summary>
    public NodePorts Ports { get; }

    /// <summary>The process of its present life, or of the last one.</summary>
    public NodeProcess Process => _process ?? throw new InvalidOperationException($"Silo {Name} has not been started.");

    /// <summary>Whether its process is there, be it frozen.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>What it said in lives that ended though nobody ended them, nor voted it dead.</summary>
    public IReadOnlyList<string> Crashes => _crashes;

    /// <summary>The base address of the API.</summary>
    public Uri Http => new($"http://127.0.0.1:{Ports.Http}");

    /// <summary>Its door.</summary>
    internal Door Door => new(Name, Http);

    /// <summary>Begins a life, and waits until it is ready.</summary>
    /// <param name="more">Options beside those that it always has.</param>
    public async Task StartAsync(params string[] more)
    {
        await LaunchAsync(more);
        await Process.WaitUntilReadyAsync();
    }

    /// <summary>Begins a life, and does not wait.</summary>
    public async Task LaunchAsync(params string[] more)
    {
        Assert.False(IsRunning, $"Silo {Name} is running: kill or stop it first.");
        await DisposeAsync();
        _isEnded = false;
        _process = NodeProcess.LaunchUnder(DiskBytes is { } bytes ? SmallDisk.Command(DataPath, bytes) : [], DataPath, Ports, [.. _options, .. more]);
    }

    /// <summary>Ends it as a power cut would (SIGKILL), frozen or not.</summary>
    public Task KillAsync()
    {
        _isEnded = true;
        return Process.KillAsync();
    }

    /// <summary>Asks it to stop (SIGTERM), and returns its exit code.</summary>
    public Task<int> StopAsync()
    {
        _isEnded = true;
        return Process.StopAsync();
    }

    /// <summary>Stops it where it is: connections stay open, nothing answers.</summary>
    public void Freeze() => Process.Signal(PosixSignal.Stop);

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Process.Signal(PosixSignal.Continue);

    /// <summary>Removes its data, as when its disk was replaced.</summary>
    public void Wipe()
    {
        Assert.False(IsRunning, $"Silo {Name} is running: kill or stop it before its data is removed.");
        Directory.Delete(DataPath, recursive: true);
    }

    /// <summary>What it knows of the cluster; null where it does not answer.</summary>
    /// <param name="patience">How long to wait for it; null: so long that it answers on a busy machine.</param>
    public async Task<ClusterReport?> AskAsync(TimeSpan? patience = null)
    {
        using var client = new DymesClient(new DymesClientOptions { Addresses = [Http], RetryDuration = TimeSpan.Zero, AttemptTimeout = patience ?? TimeSpan.FromSeconds(5) });
        try
        {
            return await client.GetClusterAsync();
        }
        catch (DymesException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _process, null) is { } process)
        {
            var endedByItself = process.HasExited && !_isEnded;
            await process.DisposeAsync();
            var said = process.Output + process.Errors;
            await File.AppendAllTextAsync($"{DataPath}.log", said); // all its lives, one after the other
            if (endedByItself && !said.Contains(VotedDead, StringComparison.Ordinal))
            {
                _crashes.Add($"{Name} ended by itself:\n{said}");
            }
        }
    }
}
