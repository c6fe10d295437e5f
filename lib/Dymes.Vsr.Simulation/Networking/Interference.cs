using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Networking;

/// <summary>
/// What is done to messages on some ways for a while: they come seconds late, or once more seconds later, after the view that they are of, after the sender has lost its disk and
/// recovered, after the receiver has; or those of some kinds never come. Late ones wait at the receiver's end, where no cut holds them up.
/// </summary>
internal sealed class Interference(SimulatedCluster cluster, Dice dice)
{
    private const int CopiesMax = 3;
    private const int SoonMicroseconds = 500_000;
    private const int LatestMicroseconds = 6_000_000;
    private const int RememberedMax = 20; // of each kind
    private const int ReplayMicroseconds = 20_000;
    private readonly List<Stretch> _stretches = [];
    private readonly SortedDictionary<(int To, MessageKind Kind), Queue<(VsrMessage Message, Posted Posted)>> _received = [];

    public void Begin(Stretch stretch) => _stretches.Add(stretch);

    /// <summary>Messages that are sent from now on come as they are.</summary>
    public void End() => _stretches.Clear();

    /// <summary>A message is sent; whether it does not go on its usual way.</summary>
    public bool Takes(int from, int to, VsrMessage message)
    {
        _stretches.RemoveAll(stretch => stretch.Until <= cluster.Queue.Now);
        var isTaken = false;
        foreach (var stretch in _stretches)
        {
            if (stretch.Ways.Contains((from, to)) && (stretch.Kinds.Count == 0 || stretch.Kinds.Contains(message.Kind)))
            {
                isTaken |= stretch.IsTaken;
                DeliverLate(from, to, message, stretch.ComesLate ? dice.Between(1, CopiesMax) : 0);
            }
        }

        return isTaken;
    }

    /// <summary>A message is handed to a replica.</summary>
    public void Remember(int to, VsrMessage message, Posted posted)
    {
        if (!_received.TryGetValue((to, message.Kind), out var received))
        {
            received = new Queue<(VsrMessage Message, Posted Posted)>();
            _received.Add((to, message.Kind), received);
        }

        received.Enqueue((message, posted));
        if (received.Count > RememberedMax)
        {
            received.Dequeue();
        }
    }

    /// <summary>A replica is handed once more what it was handed last, in any order; returns whether there was something.</summary>
    public bool Replay(int to, IReadOnlyCollection<MessageKind> kinds)
    {
        var again = _received.Where(each => each.Key.To == to && (kinds.Count == 0 || kinds.Contains(each.Key.Kind))).SelectMany(each => each.Value).ToList();
        foreach (var (message, posted) in again)
        {
            cluster.Queue.In((ulong)dice.Between(1, ReplayMicroseconds), () => cluster.Network.HandIn(message.From.Value, to, message, posted));
        }

        return again.Count > 0;
    }

    private void DeliverLate(int from, int to, VsrMessage message, int copies)
    {
        var posted = new Posted(cluster.Queue.Now, cluster.Hosts[from].Promises.Losses);
        for (; copies > 0; copies--)
        {
            cluster.Queue.In(cluster.Plan.Hasten(dice.Between(1_000, dice.Chance(0.5) ? SoonMicroseconds : LatestMicroseconds)), () => cluster.Network.HandIn(from, to, message, posted));
        }
    }
}

/// <summary>Some ways, for a while.</summary>
/// <param name="Ways">The ways.</param>
/// <param name="Kinds">Which messages; all where it is empty.</param>
/// <param name="Until">The end of the while.</param>
/// <param name="IsTaken">Whether the message does not come as it would have.</param>
/// <param name="ComesLate">Whether copies of it come late.</param>
internal sealed record Stretch(IReadOnlyCollection<(int From, int To)> Ways, IReadOnlyCollection<MessageKind> Kinds, ulong Until, bool IsTaken, bool ComesLate);
