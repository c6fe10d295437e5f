using System.Diagnostics;
using System.Globalization;
using Dymes.Cluster.Tests.Node;
using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Faults;

/// <summary>
/// A cluster of real silos on this machine, with a folder of its own, for tests that hurt it: <c>await cluster["b"].KillAsync()</c>, <c>cluster.Isolate("c")</c>. Faults happen at once;
/// what follows from them is waited for with <see cref="UntilAsync"/>. Owned by one test.
/// </summary>
public sealed class SiloCluster : IAsyncDisposable
{
    private static readonly TimeSpan CopyPatience = TimeSpan.FromMinutes(5); // a blank silo takes all there is from the others
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private readonly DirectoryInfo _folder;
    private readonly Dictionary<(string, string), Wire> _wires = [];
    private readonly List<WireProxy> _proxies = [];
    private bool _isKept;

    private SiloCluster(int count, bool hasWires, string[]? members, long? diskBytes, string? folder, string[] options)
    {
        _folder = folder is null ? Directory.CreateTempSubdirectory("dymes-cluster-") : Directory.CreateDirectory(folder);
        MemberOptions = members ?? ["--cluster.membership=file", $"--cluster.membershipFile={Path.Combine(_folder.FullName, "members.json")}"];
        string[] names = [.. Enumerable.Range(0, count).Select(number => ((char)('a' + number)).ToString())];
        NodePorts[] ports = [.. names.Select(_ => NodePorts.Free())];
        int[] shown = [.. ports.Select(port => hasWires ? NodePorts.Free().Silo : port.Silo)];
        Replicas = string.Join(',', names.Select((name, number) => string.Create(
            CultureInfo.InvariantCulture, $"{name}=127.0.0.1:{shown[number]}/{ports[number].Gateway}/http://127.0.0.1:{ports[number].Http}")));
        Nodes = [.. names.Select((name, number) => new SiloNode(name, _folder.FullName, ports[number], [.. MemberOptions, $"--cluster.replicas={Replicas}", $"--cluster.name={name}", .. options]) { DiskBytes = diskBytes })];
        if (hasWires)
        {
            _proxies.AddRange(Nodes.Select((node, number) => new WireProxy(shown[number], node.Ports.Silo, port => WiresTo(node, port))));
        }
    }

    /// <summary>The silos in the order of their numbers.</summary>
    public IReadOnlyList<SiloNode> Nodes { get; }

    /// <summary>The list of replicas, as the silos have it.</summary>
    public string Replicas { get; }

    /// <summary>The options that say where the silos find each other.</summary>
    public string[] MemberOptions { get; }

    /// <summary>The options by which gateways find the silos.</summary>
    public string[] GatewayOptions => [.. MemberOptions, $"--cluster.replicas={Replicas}"];

    /// <summary>The silo of this name.</summary>
    public SiloNode this[string name] => Nodes.Single(node => node.Name == name);

    /// <summary>The number of a silo's replica.</summary>
    public int NumberOf(SiloNode node) => Nodes.ToList().IndexOf(node);

    /// <summary>The silo whose replica is the primary, once all that run agree on it.</summary>
    public async Task<SiloNode> PrimaryAsync()
    {
        SiloNode? primary = null;
        await UntilAsync(Nodes.First(node => node.IsRunning), report => (primary = report.Primary is { } number ? Nodes[number] : null) is not null, "there is a primary");
        return primary!;
    }

    /// <summary>Starts silos named a, b, c… and waits until each of them takes all of them for alive.</summary>
    /// <param name="count">How many.</param>
    /// <param name="hasWires">Whether their connections can be cut; carrying them costs time of the processor.</param>
    /// <param name="members">The options that say where silos find each other; null: in a file of the cluster's folder.</param>
    /// <param name="diskBytes">The room of a disk of each silo's own, which is gone with its process; null: that of the tests' folder.</param>
    /// <param name="folder">The cluster's folder, which goes with it; null: one of its own.</param>
    /// <param name="options">More options of their command lines.</param>
    public static async Task<SiloCluster> StartAsync(
        int count, bool hasWires = false, string[]? members = null, long? diskBytes = null, string? folder = null, params string[] options)
    {
        var cluster = new SiloCluster(count, hasWires, members, diskBytes, folder, options);
        try
        {
            await cluster.StartAllAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Heals what was cut, starts those that are not running, at once, and waits until each takes all for alive.</summary>
    public async Task StartAllAsync()
    {
        Heal();
        await Task.WhenAll(Nodes.Where(node => !node.IsRunning).Select(node => node.StartAsync()));
        foreach (var node in Nodes)
        {
            await UntilAsync(node, report => report.Replicas.All(replica => replica.Silo == SiloState.Alive), "all silos are alive");
        }
    }

    /// <summary>Heals and starts all, and waits until all are members and none lags. One that is still being voted dead is started again when it has ended, as a service manager would.</summary>
    public async Task UntilWholeAsync()
    {
        Heal();
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(LookInterval);
        while (true)
        {
            await Task.WhenAll(Nodes.Where(node => !node.IsRunning).Select(node => node.StartAsync()));
            var reports = await Task.WhenAll(Nodes.Select(node => node.AskAsync()));
            if (reports.All(report => report is not null && IsWhole(report)))
            {
                return;
            }

            Assert.True(watch.Elapsed < CopyPatience, $"The cluster is not whole after {CopyPatience}:\n{string.Join('\n', reports.Select(Tell))}");
            await timer.WaitForNextTickAsync();
        }

        static bool IsWhole(ClusterReport report) => report.Primary is not null
            && report.Replicas.All(replica => replica is { Silo: SiloState.Alive, Progress: { Status: ReplicaState.Normal, Disk: LogCondition.Ready, Lag: < 100 } });
    }

    /// <summary>Kills all at once, as a power cut would.</summary>
    public Task KillAllAsync() => Task.WhenAll(Nodes.Where(node => node.IsRunning).Select(node => node.KillAsync()));

    /// <summary>Cuts the connection between two silos, in both directions, silently.</summary>
    public void Cut(string one, string other)
    {
        CutOneWay(one, other);
        CutOneWay(other, one);
    }

    /// <summary>Cuts what one silo sends to another, silently; what the other sends arrives.</summary>
    public void CutOneWay(string from, string to)
    {
        Assert.True(_proxies.Count > 0, "Start the cluster with hasWires: its connections cannot be cut.");
        WireBetween(from, to).Cut();
    }

    /// <summary>Cuts a silo off from all others.</summary>
    public void Isolate(string name)
    {
        foreach (var other in Nodes.Where(node => node.Name != name))
        {
            Cut(name, other.Name);
        }
    }

    /// <summary>All hear a silo, and it hears nobody.</summary>
    public void Deafen(string name)
    {
        foreach (var other in Nodes.Where(node => node.Name != name))
        {
            CutOneWay(other.Name, name);
        }
    }

    /// <summary>A silo hears all, and nobody hears it.</summary>
    public void Mute(string name)
    {
        foreach (var other in Nodes.Where(node => node.Name != name))
        {
            CutOneWay(name, other.Name);
        }
    }

    /// <summary>Mends all that was cut.</summary>
    public void Heal()
    {
        lock (_wires)
        {
            foreach (var wire in _wires.Values)
            {
                wire.Heal();
            }
        }
    }

    /// <summary>Waits until a silo tells of the cluster what it should, and returns how long that took.</summary>
    /// <param name="asked">The silo.</param>
    /// <param name="isAsItShould">Whether a report is the one waited for.</param>
    /// <param name="what">What is waited for, for the failure message.</param>
    public async Task<TimeSpan> UntilAsync(SiloNode asked, Func<ClusterReport, bool> isAsItShould, string what)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(LookInterval);
        ClusterReport? last = null;
        while (watch.Elapsed < Deadline.OfWait)
        {
            last = await asked.AskAsync() ?? last;
            if (last is not null && isAsItShould(last))
            {
                return watch.Elapsed;
            }

            await timer.WaitForNextTickAsync();
        }

        throw new TimeoutException($"Silo {asked.Name} did not tell within {Deadline.OfWait.TotalSeconds:0} s that {what}. It told: {Tell(last)}\n{asked.Process.Output}");
    }

    /// <summary>Waits until silos agree on what one of them is, and returns how long that took.</summary>
    public async Task<TimeSpan> UntilAgreedAsync(string name, SiloState state, params IEnumerable<string> among)
    {
        var times = await Task.WhenAll(among.Select(each => UntilAsync(this[each], report => report.Replicas.Single(replica => replica.Name == name).Silo == state, $"{name} is {state}")));
        return times.Max();
    }

    /// <summary>Leaves the folder with the silos' data, and what they said beside it, for whoever looks for a cause. Returns its path.</summary>
    public string Keep()
    {
        _isKept = true;
        return _folder.FullName;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        if (!_isKept)
        {
            _folder.Delete(recursive: true);
        }
    }

    private static string Tell(ClusterReport? report) =>
        report is null ? "nothing" : string.Join(", ", report.Replicas.Select(replica => $"{replica.Name} {replica.Silo} ({replica.Progress})"));

    private (Wire There, Wire Back) WiresTo(SiloNode target, int port)
    {
        var process = PortOwner.Find(port, Nodes.Where(node => node.IsRunning).Select(node => node.Process.Id));
        var source = Nodes.FirstOrDefault(node => node.IsRunning && node.Process.Id == process);
        return source is null ? (new Wire(), new Wire()) : (WireBetween(source.Name, target.Name), WireBetween(target.Name, source.Name));
    }

    private Wire WireBetween(string from, string to)
    {
        lock (_wires)
        {
            return _wires.TryGetValue((from, to), out var wire) ? wire : _wires[(from, to)] = new Wire();
        }
    }
}
