using Dymes.Vsr;
using Dymes.Vsr.Effects;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;

namespace Dymes.Benchmarks.Micro;

/// <summary>A group of replicas in memory: messages arrive at once and in order, and what is written is on disk at the end of the step.</summary>
internal sealed class MemoryGroup
{
    private const ulong TickMilliseconds = 10;
    private readonly Replica[] _replicas;
    private readonly Queue<(int To, VsrMessage Message)> _network = new();
    private ulong _now;

    public MemoryGroup(int count)
    {
        _replicas = [.. Enumerable.Range(0, count).Select(number => new Replica(
            new ReplicaIdentity(1, 1, new ReplicaNumber((byte)number), count),
            new ReplicaSettings(),
            new ReplicaStart { Disk = DiskCondition.Blank, Sessions = new ClientTable(), Seed = (ulong)number },
            new PlainMachine()))];
        while (!_replicas.All(replica => replica.Status == ReplicaStatus.Normal))
        {
            Tick();
        }
    }

    /// <summary>How many requests were answered.</summary>
    public long Done { get; private set; }

    /// <summary>The answer to the newest request.</summary>
    public ClientReply? LastReply { get; private set; }

    private Replica Primary => Array.Find(_replicas, replica => replica.IsPrimary) ?? throw new InvalidOperationException("There is no primary.");

    /// <summary>The primary takes requests, and everything that follows from them happens.</summary>
    public void Submit(ReadOnlySpan<ClientRequest> requests)
    {
        var primary = Primary;
        foreach (var request in requests)
        {
            primary.Submit(request, clockMilliseconds: 1_700_000_000_000);
        }

        Settle();
    }

    /// <summary>Time passes, so that the primary is not given up.</summary>
    public void Tick()
    {
        _now += TickMilliseconds;
        foreach (var replica in _replicas)
        {
            replica.Tick(_now);
        }

        Settle();
    }

    private void Settle()
    {
        do
        {
            foreach (var replica in _replicas)
            {
                CarryOut(replica);
            }

            while (_network.TryDequeue(out var sent))
            {
                _replicas[sent.To].Receive(sent.Message);
                CarryOut(_replicas[sent.To]);
            }
        }
        while (_replicas.Any(replica => replica.Effects.Count > 0));
    }

    private void CarryOut(Replica replica)
    {
        while (replica.Effects.Count > 0)
        {
            var (written, generation) = (0UL, 0UL);
            for (var i = 0; i < replica.Effects.Count; i++)
            {
                Carry(replica.Effects[i], ref written, ref generation);
            }

            replica.Effects.Clear();
            if (written > 0)
            {
                replica.LogDurable(written);
            }

            if (generation > 0)
            {
                replica.StateDurable(generation);
            }
        }
    }

    private void Carry(in Effect effect, ref ulong written, ref ulong generation)
    {
        switch (effect.Kind)
        {
            case EffectKind.Send:
                _network.Enqueue((effect.To.Value, effect.Message));
                break;
            case EffectKind.Append or EffectKind.Truncate:
                written = effect.Number;
                break;
            case EffectKind.PersistState:
                generation = effect.Number;
                break;
            case EffectKind.Reply:
                LastReply = effect.Reply;
                Done += effect.Reply.Outcome == ReplyOutcome.Done ? 1 : 0;
                break;
        }
    }
}
