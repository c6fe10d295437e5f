using Dymes.Membership.Quorum;
using Dymes.Membership.Quorum.Register;
using Dymes.Membership.Tables;
using Dymes.Testing;

namespace Dymes.Membership.Tests.Quorum;

/// <summary>
/// Replicas that keep a register together, in one thread and on one clock, as a seed has it: they read and write it all the time, over a network that loses, repeats and delays, and crash, and lose their disks
/// one at a time. The replicas run the product's own code.
/// </summary>
internal sealed class RegisterSimulation
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    private readonly PriorityQueue<Action, (long Time, int Number)> _events = new();
    private readonly bool _hasAmnesia;
    private readonly long _start;
    private int _scheduled;

    private RegisterSimulation(int seed, bool hasAmnesia)
    {
        Random = new Random(seed);
        _hasAmnesia = hasAmnesia;
        _start = Clock.GetTimestamp();
        LossPercent = Random.Next(3) * 10;
        Replicas = [.. Enumerable.Range(0, Random.Next(3) == 0 ? 5 : 3).Select(number => new SimulatedReplica(number, this))];
    }

    public Random Random { get; }

    public ManualClock Clock { get; } = new();

    public TimeSpan Now => Clock.GetElapsedTime(_start);

    public int Count => Replicas.Length;

    public SimulatedReplica[] Replicas { get; }

    public int LossPercent { get; }

    public bool IsEnding { get; private set; }

    public RegisterHistory History { get; } = new();

    public int Wipes { get; private set; }

    /// <summary>Runs a seed to its end, and returns it with what was wrong.</summary>
    public static (RegisterSimulation World, IReadOnlyList<string> Violations) Run(int seed, bool hasAmnesia = false)
    {
        // Without a context whatever waits goes on at once, on this thread: else the system's scheduler would be part of the seed.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var world = new RegisterSimulation(seed, hasAmnesia);
            var final = world.Run();
            return (world, final is null ? ["in the end nobody could read"] : [.. world.History.Violations(final)]);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public void After(int milliseconds, Action what) => _events.Enqueue(what, (Clock.GetTimestamp() + (milliseconds * TimeSpan.TicksPerMillisecond), _scheduled++));

    private MemberTable? Run()
    {
        foreach (var replica in Replicas)
        {
            After(Random.Next(500), replica.Start);
        }

        After(Random.Next(2_000), Hurt);
        RunUntil(Length);
        IsEnding = true;
        RunUntil(Length + Calm);
        var reading = new QuorumRegister(0, [.. Replicas.Select((_, to) => new SimulatedPath(this, Replicas[0], to))], RegisterContent.Empty("sim", Count), Clock, Random).ReadAsync(default);
        RunUntil(Length + (2 * Calm));
        return reading.IsCompletedSuccessfully ? reading.Result : null;
    }

    private void RunUntil(TimeSpan end)
    {
        while (Now < end)
        {
            Clock.Advance(Step);
            while (_events.TryPeek(out var what, out var due) && due.Time <= Clock.GetTimestamp())
            {
                _events.Dequeue();
                what();
            }
        }
    }

    // One at a time: a replica that has lost its disk must find its memory again before the next may lose its own.
    private void Hurt()
    {
        if (IsEnding)
        {
            return;
        }

        var victim = Replicas[Random.Next(Count)];
        if (victim.Acceptor is not null)
        {
            victim.Crash();
            if (Random.Next(2) == 0 && Replicas.All(replica => replica.HasMemory))
            {
                victim.Wipe(_hasAmnesia);
                Wipes++;
            }

            After(Random.Next(3_000), victim.Start);
        }

        After(Random.Next(2_000), Hurt);
    }
}
