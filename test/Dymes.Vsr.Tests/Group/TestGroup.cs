using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;

namespace Dymes.Vsr.Tests.Group;

/// <summary>A group of replicas with a network that delivers in order, and only when it is told to. Nothing happens by itself.</summary>
internal sealed class TestGroup
{
    public const int TickMilliseconds = 10;
    private const long ClockStart = 1_700_000_000_000;
    private readonly List<InFlight> _network = [];
    private readonly HashSet<(byte From, byte To)> _cuts = [];

    public TestGroup(int count, Narrator? narrator = null)
    {
        Narrator = narrator ?? new Narrator();
        Replicas = [.. Enumerable.Range(0, count).Select(number => new TestReplica(this, new ReplicaNumber((byte)number)))];
    }

    public Narrator Narrator { get; }

    public IReadOnlyList<TestReplica> Replicas { get; }

    public int Count => Replicas.Count;

    public ReplicaSettings Settings { get; init; } = new();

    public int SessionsMax { get; init; } = VsrLimits.SessionsMax;

    public ulong Now { get; private set; }

    /// <summary>The host's clock; it may step.</summary>
    public long Clock { get; set; } = ClockStart;

    public List<ClientReply> Replies { get; } = [];

    /// <summary>Reads that ended: the op that was applied by then, or null where the read was refused.</summary>
    public Dictionary<ulong, ulong?> Reads { get; } = [];

    public IReadOnlyList<InFlight> Network => _network;

    public TestReplica this[int number] => Replicas[number];

    /// <summary>The primary of the newest view.</summary>
    public TestReplica Primary => FindPrimary() ?? throw new InvalidOperationException("There is no primary.");

    /// <summary>A group whose replicas have all started and follow a primary.</summary>
    public static TestGroup Started(int count, Narrator? narrator = null, ReplicaSettings? settings = null, int sessionsMax = VsrLimits.SessionsMax)
    {
        var group = new TestGroup(count, narrator) { Settings = settings ?? new(), SessionsMax = sessionsMax };
        foreach (var replica in group.Replicas)
        {
            replica.Start();
        }

        group.RunUntil(() => group.Replicas.All(replica => replica.Live.Status == ReplicaStatus.Normal));
        return group;
    }

    public TestReplica? FindPrimary() => Replicas.Where(replica => replica.Running is { IsPrimary: true }).MaxBy(replica => replica.Live.View);

    /// <summary>What kinds of messages were ever sent.</summary>
    public HashSet<MessageKind> SentKinds { get; } = [];

    public void Send(ReplicaNumber to, VsrMessage message)
    {
        SentKinds.Add(message.Kind);
        _network.Add(new InFlight(message.From, to, message));
    }

    public void Replied(ClientReply reply)
    {
        Narrator.Replied(reply);
        Replies.Add(reply);
    }

    public void ReadEnded(ulong number, ulong? appliedOp)
    {
        Narrator.Read(number, appliedOp);
        Reads.Add(number, appliedOp);
    }

    /// <summary>Delivers the message at a place of <see cref="Network"/>.</summary>
    public void DeliverAt(int place)
    {
        var message = _network[place];
        _network.RemoveAt(place);
        if (_cuts.Contains((message.From.Value, message.To.Value)) || Replicas[message.To.Value].Running is null)
        {
            Narrator.Dropped(message);
            return;
        }

        Narrator.Delivered(message);
        Replicas[message.To.Value].Step(replica => replica.Receive(message.Message));
    }

    /// <summary>Loses the message at a place of <see cref="Network"/>.</summary>
    public void DropAt(int place) => _network.RemoveAt(place);

    /// <summary>Delivers messages, the oldest first, until none is left.</summary>
    public void Deliver(Func<InFlight, bool>? which = null)
    {
        for (var i = _network.FindIndex(Matches); i >= 0; i = _network.FindIndex(Matches))
        {
            DeliverAt(i);
        }

        bool Matches(InFlight message) => which is null || which(message);
    }

    /// <summary>Loses messages that are under way.</summary>
    public int Drop(Func<InFlight, bool> which)
    {
        foreach (var message in _network.Where(which))
        {
            Narrator.Dropped(message);
        }

        return _network.RemoveAll(message => which(message));
    }

    public void Reverse(Func<InFlight, bool> which)
    {
        var places = Enumerable.Range(0, _network.Count).Where(i => which(_network[i])).ToList();
        var messages = places.Select(i => _network[i]).Reverse().ToList();
        for (var i = 0; i < places.Count; i++)
        {
            _network[places[i]] = messages[i];
        }
    }

    public void Duplicate(Func<InFlight, bool> which) => _network.AddRange(_network.Where(which).ToList());

    /// <summary>Time passes for all; messages are delivered after each tick.</summary>
    public void Run(int milliseconds)
    {
        for (var passed = 0; passed < milliseconds; passed += TickMilliseconds)
        {
            Tick();
            Deliver();
        }
    }

    /// <summary>Time passes until a condition holds, at most a minute of it.</summary>
    public void RunUntil(Func<bool> condition)
    {
        for (var passed = 0; passed < 60_000; passed += TickMilliseconds)
        {
            Deliver();
            if (condition())
            {
                return;
            }

            Tick();
        }

        Assert.Fail($"The condition did not come true within a minute of the group's time:\n{string.Join('\n', Describe())}");
    }

    /// <summary>Where each replica stands.</summary>
    public IEnumerable<string> Describe() => Replicas.Select(replica => replica.Running is { } live
        ? $"{replica.Number}: {(live.IsPrimary ? "primary" : live.Status)} in view {live.View}, log of view {live.LogView}, last op {live.LastOp}, on disk {live.DurableOp}, committed {live.CommitOp}"
        : $"{replica.Number}: down, last op on disk {replica.Disk.Log.Count}");

    public void Tick()
    {
        Now += TickMilliseconds;
        Clock += TickMilliseconds;
        foreach (var replica in Replicas)
        {
            replica.Step(live => live.Tick(Now));
        }
    }

    /// <summary>Nothing passes between a replica and the others.</summary>
    public void Isolate(int number)
    {
        for (var other = 0; other < Count; other++)
        {
            Cut(number, other);
            Cut(other, number);
        }
    }

    public void Cut(int from, int to) => _cuts.Add(((byte)from, (byte)to));

    public void Heal() => _cuts.Clear();
}

/// <summary>A message that is under way.</summary>
internal sealed record InFlight(ReplicaNumber From, ReplicaNumber To, VsrMessage Message);
