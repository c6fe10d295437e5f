using Dymes.Vsr.Sessions;
using Dymes.Vsr.Simulation.Checking;
using Dymes.Vsr.Simulation.Clients;
using Dymes.Vsr.Simulation.Faults;
using Dymes.Vsr.Simulation.Networking;
using Dymes.Vsr.Simulation.Telling;

namespace Dymes.Vsr.Simulation.Running;

/// <summary>A group of replicas with their machines, network and clients, all on one thread.</summary>
internal sealed class SimulatedCluster
{
    public const uint Epoch = 1;
    private const int CursorCount = 2;
    private const ulong StartSpreadMicroseconds = 100_000;
    private readonly List<SimulatedClient> _clients = [];
    private readonly Dice _clientDice;
    private int _requestsLeft;

    public SimulatedCluster(SimulationPlan plan, ulong seed, Sabotage sabotage, Timeline? timeline)
    {
        Plan = plan;
        Sabotage = sabotage;
        Timeline = timeline;
        _requestsLeft = plan.Requests;
        Log = new CommittedLog(() => MayForgetSessions);
        var dice = new Dice(seed);
        Network = new SimulatedNetwork(this, dice.Split());
        Views = new ViewLogs(this);
        Acknowledgements = new Acknowledgements(this);
        Faults = new FaultInjector(this);
        Ambush = new Ambush(this, Faults.Strike);
        _clientDice = dice.Split();
        var starts = dice.Split();
        Hosts = [.. Enumerable.Range(0, plan.Replicas).Select(number => new SimulatedHost(this, number, dice.Split()))];
        timeline?.Follow(Queue);
        foreach (var host in Hosts)
        {
            Queue.In((ulong)(starts.Fraction() * StartSpreadMicroseconds), host.Start);
        }

        for (var i = 0; i < plan.Clients; i++)
        {
            _clients.Add(new SimulatedClient(this, _clientDice.Split()));
        }

        for (var i = 0; i < CursorCount; i++)
        {
            new LogCursor(this, _clientDice.Split()).ReadOn();
        }
    }

    public static UInt128 ClusterId { get; } = new(0x44796D6573, 1);

    public SimulationPlan Plan { get; }

    public Sabotage Sabotage { get; }

    /// <summary>What happened, where somebody wants to know.</summary>
    public Timeline? Timeline { get; }

    public EventQueue Queue { get; } = new();

    public TraceHash Hash { get; } = new();

    public Coverage Coverage { get; } = new();

    public CommittedLog Log { get; }

    public ViewLogs Views { get; }

    public Acknowledgements Acknowledgements { get; }

    public SimulatedNetwork Network { get; }

    public IReadOnlyList<SimulatedHost> Hosts { get; }

    public IReadOnlyList<SimulatedClient> Clients => _clients;

    /// <summary>Whether things go wrong still; afterwards a majority is well.</summary>
    public bool IsStorm { get; private set; } = true;

    /// <summary>The primary of the newest view that has one.</summary>
    public SimulatedHost? Leading => Hosts.Where(host => host.Running is { IsPrimary: true }).MaxBy(host => host.Running!.View);

    /// <summary>Faults that wait for something to happen are told of it.</summary>
    public Ambush Ambush { get; }

    public FaultInjector Faults { get; }

    public int SessionsBegun { get; set; }

    /// <summary>Whether there were more sessions than the replicas remember.</summary>
    public bool MayForgetSessions => SessionsBegun > Plan.SessionsMax;

    /// <summary>Whether a majority knows that all are one group: before that nobody can do without any of them.</summary>
    public bool HasFormed => Hosts.Count(host => host.Disk.State is { View.Value: > 0 }) >= Plan.Quorum;

    /// <summary>Something that is part of a fault: it does not happen any more once the storm is over.</summary>
    public void InStorm(ulong microseconds, Action action) => Queue.In(microseconds, () =>
    {
        if (IsStorm)
        {
            action();
        }
    });

    /// <summary>Nothing goes wrong any more.</summary>
    public void EndStorm()
    {
        IsStorm = false;
        Network.Conditions = NetworkConditions.Healed;
        Network.Interference.End();
        Network.Cuts.MendAll();
    }

    /// <summary>No client but the last one makes another request.</summary>
    public void StopRequests() => _requestsLeft = 0;

    public bool TakesRequest(SimulatedClient client) => client == LastClient || _requestsLeft-- > 0;

    /// <summary>The one that must be answered once all is well again.</summary>
    public SimulatedClient? LastClient { get; private set; }

    public SimulatedClient AddLastClient()
    {
        LastClient = new SimulatedClient(this, _clientDice.Split());
        _clients.Add(LastClient);
        return LastClient;
    }

    /// <summary>A client goes away whatever it waits for, and another comes.</summary>
    public bool ReplaceClient(Dice dice)
    {
        var place = dice.Between(0, _clients.Count - 1);
        _clients[place].Die();
        _clients[place] = new SimulatedClient(this, dice.Split());
        return true;
    }

    public void Reply(ClientReply reply)
    {
        Hash.Add(0x4EB1, Queue.Now, (reply.Op << 8) | (ulong)reply.Outcome);
        Timeline?.Replied(reply);
        foreach (var client in _clients)
        {
            if (client.Id == reply.Client)
            {
                Network.Call(() => client.Hear(reply));
            }
        }
    }
}
