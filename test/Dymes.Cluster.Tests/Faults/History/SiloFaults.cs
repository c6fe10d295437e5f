using Dymes.Cluster.Tests.Faults.Disks;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>What can happen to a silo, or to all of them. Each fault is over when its task ends, but for silos that are to be started again.</summary>
internal sealed class SiloFaults
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DiskStall = TimeSpan.FromSeconds(1);

    private readonly SiloCluster _cluster;
    private readonly Random _random;
    private readonly List<(string Name, Func<SiloNode, Task> Strike)> _faults = [];

    /// <param name="cluster">The silos.</param>
    /// <param name="random">Says which fault is next, and how long it takes.</param>
    /// <param name="mayTakeLong">Whether there are those that take half a minute.</param>
    public SiloFaults(SiloCluster cluster, Random random, bool mayTakeLong)
    {
        (_cluster, _random) = (cluster, random);
        Add("kills", node => node.KillAsync(), times: 2);
        Add("kills of all", _ => cluster.KillAllAsync());
        Add("stops", node => node.StopAsync(), times: 2);
        Add("wiped disks", WipeAsync);
        Add("freezes", FreezeAsync);
        AddCut("cuts", node => cluster.Isolate(node.Name));
        AddCut("cuts between two", node => cluster.Cut(node.Name, AnotherThan(node).Name));
        AddCut("one-way cuts", node => cluster.CutOneWay(node.Name, AnotherThan(node).Name));
        AddCut("deaf silos", node => cluster.Deafen(node.Name));
        AddCut("mute silos", node => cluster.Mute(node.Name));
        if (SickDisk.Missing is null)
        {
            Add("stalled disks", StallAsync);
        }

        if (mayTakeLong)
        {
            Add("long cuts", CutLongAsync);
        }
    }

    /// <summary>A fault by chance.</summary>
    public (string Name, Func<SiloNode, Task> Strike) Next() => _faults[_random.Next(_faults.Count)];

    /// <summary>Lets a time pass.</summary>
    public static async Task PassAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(Look);
        for (var passed = TimeSpan.Zero; passed < time; passed += Look)
        {
            await timer.WaitForNextTickAsync();
        }
    }

    private void Add(string name, Func<SiloNode, Task> strike, int times = 1) => _faults.AddRange(Enumerable.Repeat((name, strike), times));

    private void AddCut(string name, Action<SiloNode> cut) => Add(name, async node =>
    {
        cut(node);
        await MomentAsync();
        _cluster.Heal();
    });

    private async Task WipeAsync(SiloNode node)
    {
        await node.KillAsync();
        node.Wipe();
    }

    private async Task FreezeAsync(SiloNode node)
    {
        node.Freeze();
        await MomentAsync();
        node.Thaw();
    }

    private async Task StallAsync(SiloNode node)
    {
        await using (await SickDisk.StallAsync(node.Process.Id, DiskStall))
        {
            await MomentAsync();
        }
    }

    // The others vote it dead; it hears so from a table that it reaches at once, or from them when the cut is over, and ends itself.
    private async Task CutLongAsync(SiloNode node)
    {
        _cluster.Isolate(node.Name);
        await PassAsync(TimeSpan.FromSeconds(_random.Next(10, 30)));
        _cluster.Heal();
    }

    private SiloNode AnotherThan(SiloNode node) => _cluster.Nodes[(_cluster.NumberOf(node) + _random.Next(1, _cluster.Nodes.Count)) % _cluster.Nodes.Count];

    private Task MomentAsync() => PassAsync(TimeSpan.FromMilliseconds(_random.Next(100, 3000)));
}
