using Dymes.Engine;
using Dymes.MessageStore;
using Dymes.Testing.Simulation;
using Dymes.Vsr;

namespace Dymes.Replication.Tests;

/// <summary>A group of members in this process, each with a disk of its own in memory, and a network between them that can be cut.</summary>
internal sealed class TestGroup : IAsyncDisposable
{
    public const string Folder = "/data/default";
    private static readonly UInt128 ClusterId = new(0, 77);
    private readonly TimeProvider _clock;
    private readonly int _segmentMessages;
    private readonly long _reserveBytes;
    private readonly bool _scrubs;
    private readonly uint _epoch;

    private TestGroup(SimulatedFileSystem[] disks, uint epoch, TimeProvider clock, int segmentMessages, long reserveBytes, bool scrubs)
    {
        _epoch = epoch;
        _reserveBytes = reserveBytes;
        _scrubs = scrubs;
        _clock = clock;
        _segmentMessages = segmentMessages;
        Network = new TestNetwork(disks.Length);
        Disks = disks;
        Members = new ReplicatedLog?[disks.Length];
    }

    public TestNetwork Network { get; }

    public SimulatedFileSystem[] Disks { get; }

    public ReplicatedLog?[] Members { get; }

    public IEnumerable<ReplicatedLog> Running => Members.OfType<ReplicatedLog>();

    public ReplicatedLog this[int number] => Members[number] ?? throw new InvalidOperationException($"Member {number} is down.");

    /// <summary>The primary that the others follow.</summary>
    public int Primary => Array.FindIndex(Members, member => member?.Report.IsPrimary == true);

    /// <summary>A group whose members have all started and follow a primary.</summary>
    public static Task<TestGroup> StartAsync(int count, TimeProvider? clock = null, int segmentMessages = 50, long reserveBytes = 0, bool scrubs = false) =>
        StartAsync([.. Enumerable.Range(0, count).Select(_ => new SimulatedFileSystem())], 1, clock, segmentMessages, reserveBytes, scrubs);

    /// <summary>A group of a list with this epoch, which takes over what is on the disks.</summary>
    public static async Task<TestGroup> StartAsync(
        SimulatedFileSystem[] disks, uint epoch, TimeProvider? clock = null, int segmentMessages = 50, long reserveBytes = 0, bool scrubs = false)
    {
        var group = new TestGroup(disks, epoch, clock ?? TimeProvider.System, segmentMessages, reserveBytes, scrubs);
        for (var number = 0; number < disks.Length; number++)
        {
            group.Start(number);
        }

        await group.UntilAsync(() => group.Running.All(member => member.Report.Status == ReplicaStatus.Normal));
        return group;
    }

    public void Start(int number)
    {
        var options = new ReplicaOptions
        {
            Identity = new ReplicaIdentity(ClusterId, _epoch, new ReplicaNumber((byte)number), Members.Length),
            Engine = new EngineOptions
            {
                Store = new StoreOptions
                {
                    Directory = Folder,
                    ClusterId = ClusterId,
                    SegmentMessagesMax = _segmentMessages,
                    SegmentBytesMax = 1 << 20,
                    ReserveBytes = _reserveBytes,
                    ScrubBytesPerSecond = _scrubs ? 1 << 30 : 0,
                    ScrubEvery = TimeSpan.FromSeconds(1),
                },
            },
        };
        Members[number] = ReplicatedLog.Open(options, Network.TransportOf(number), Disks[number], _clock);
        Network.Connect(number, Members[number]!);
    }

    /// <summary>Stops a member, as a node does that is told to.</summary>
    public async Task StopAsync(int number)
    {
        var member = this[number];
        Members[number] = null;
        Network.Disconnect(number);
        await member.DisposeAsync();
    }

    /// <summary>A power cut: what was not flushed is as the mode says.</summary>
    public async Task CrashAsync(int number, CrashMode mode, int seed = 0)
    {
        var disk = Disks[number].Crash(mode, seed);
        try
        {
            await StopAsync(number);
        }
        catch (SimulatedCrashException)
        {
            // what it wanted to write at the end went nowhere
        }

        Disks[number] = disk;
    }

    /// <summary>Waits until something is so, at most a minute.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail("It did not come true within a minute:\n" + string.Join('\n', Members.Select((member, number) => $"{number}: {member?.Report}")));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Running)
        {
            await member.DisposeAsync();
        }
    }
}
