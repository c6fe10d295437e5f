using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation.Checking;
using Dymes.Vsr.Simulation.Faults;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Networking;

/// <summary>Between replicas, and between them and clients: messages are lost, doubled, damaged, late, and in any order.</summary>
internal sealed class SimulatedNetwork(SimulatedCluster cluster, Dice dice)
{
    private const ulong StragglerMicroseconds = 4_000_000;
    private const ulong LeastMicroseconds = 20;

    /// <summary>The ways between replicas.</summary>
    public LinkCuts Cuts { get; } = new(cluster.Plan.Replicas);

    /// <summary>What is done to messages on some ways.</summary>
    public Interference Interference { get; } = new(cluster, dice.Split());

    public NetworkConditions Conditions { get; set; } = cluster.Plan.Network;

    public void Send(int from, int to, VsrMessage message)
    {
        cluster.Hash.Add(((ulong)message.Kind << 16) | ((ulong)from << 8) | (uint)to, cluster.Queue.Now, message.View.Value);
        cluster.Timeline?.Sent(from, to, message);
        if (Interference.Takes(from, to, message) || Cuts.IsCut(from, to) || IsHit(Conditions.Loss, FaultKind.Loss))
        {
            cluster.Timeline?.Lost(from, to, message);
            return;
        }

        if (IsHit(Conditions.Duplication, FaultKind.Duplication))
        {
            Carry(from, to, message);
        }

        Carry(from, to, message);
    }

    /// <summary>A message is there.</summary>
    public void HandIn(int from, int to, VsrMessage message, Posted posted)
    {
        if (message is DoViewChange)
        {
            cluster.Hosts[to].Election.Heard(message.View.Value, from, posted.Losses);
        }

        Interference.Remember(to, message, posted);
        cluster.Hosts[to].Receive(message, posted.At);
    }

    /// <summary>From a client to a replica or back; for these only time and loss matter, because sessions are what guards them.</summary>
    public void Call(Action arrive)
    {
        if (IsHit(Conditions.Loss, FaultKind.Loss))
        {
            return;
        }

        if (IsHit(Conditions.Duplication, FaultKind.Duplication))
        {
            cluster.Queue.In(Delay(), arrive);
        }

        cluster.Queue.In(Delay(), arrive);
    }

    private void Carry(int from, int to, VsrMessage message)
    {
        var arriving = dice.Chance(Conditions.Encoded) ? ThroughBytes(message) : message;
        if (IsHit(Conditions.Corruption, FaultKind.Corruption))
        {
            ThroughDamagedBytes(message);
            cluster.Timeline?.Lost(from, to, message);
            return;
        }

        var posted = new Posted(cluster.Queue.Now, cluster.Hosts[from].Promises.Losses);
        cluster.Queue.In(Delay(), () => Arrive(from, to, arriving, posted));
    }

    // What is under way when a link is cut is lost with it.
    private void Arrive(int from, int to, VsrMessage message, Posted posted)
    {
        if (Cuts.IsCut(from, to))
        {
            cluster.Timeline?.Lost(from, to, message);
            return;
        }

        HandIn(from, to, message, posted);
    }

    private ulong Delay() =>
        LeastMicroseconds + dice.Around(Conditions.DelayMicroseconds) + (IsHit(Conditions.Stragglers, FaultKind.Straggler) ? dice.Around(StragglerMicroseconds) : 0);

    private VsrMessage ThroughBytes(VsrMessage message)
    {
        var bytes = Encode(cluster.Sabotage.Writes(message));
        var fault = MessageCodec.TryRead(bytes, out var read);
        var isSame = fault == MessageFault.None && SameMessage.Is(message, read!) && Encode(read!).AsSpan().SequenceEqual(bytes);
        RuleBroken.Unless(isSame, Rule.Codec, $"{message.Kind} does not come out of its bytes as it went in: {fault}");
        return read!;
    }

    private void ThroughDamagedBytes(VsrMessage message)
    {
        var bytes = Encode(message);
        bytes[dice.Between(0, bytes.Length - 1)] ^= (byte)(1 << dice.Between(0, 7));
        RuleBroken.Unless(MessageCodec.TryRead(bytes, out _) != MessageFault.None, Rule.Codec, $"{message.Kind} with a changed bit was read");
    }

    private static byte[] Encode(VsrMessage message)
    {
        var bytes = new byte[MessageCodec.SizeOf(message)];
        MessageCodec.Write(message, bytes);
        return bytes;
    }

    private bool IsHit(double rate, FaultKind kind)
    {
        var isHit = dice.Chance(rate);
        if (isHit)
        {
            cluster.Coverage.Count(kind);
        }

        return isHit;
    }
}

/// <summary>How a message was sent.</summary>
/// <param name="At">When, in microseconds of simulated time.</param>
/// <param name="Losses">How often the sender had lost its memory before.</param>
internal readonly record struct Posted(ulong At, int Losses);
