using Dymes.Vsr.Effects;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation.Faults;

namespace Dymes.Vsr.Simulation.Checking;

/// <summary>How often each thing happened that can happen: what never did was not tested.</summary>
public sealed class Coverage
{
    private static readonly int Statuses = Enum.GetValues<ReplicaStatus>().Length;
    private readonly long[] _messages = new long[Enum.GetValues<MessageKind>().Length + 1];
    private readonly long[] _effects = new long[Enum.GetValues<EffectKind>().Length];
    private readonly long[] _faults = new long[Enum.GetValues<FaultKind>().Length];
    private readonly long[] _edges = new long[Statuses * Statuses];

    /// <summary>How often a message of a kind arrived.</summary>
    public long Of(MessageKind kind) => _messages[(int)kind];

    /// <summary>How often an effect of a kind was carried out.</summary>
    public long Of(EffectKind kind) => _effects[(int)kind];

    /// <summary>How often a fault of a kind did something.</summary>
    public long Of(FaultKind kind) => _faults[(int)kind];

    /// <summary>How often a replica went from a status to another, or to another view with the same.</summary>
    public long Of(ReplicaStatus from, ReplicaStatus to) => _edges[Edge(from, to)];

    /// <summary>Adds what another run covered.</summary>
    public void Add(Coverage other)
    {
        Add(_messages, other._messages);
        Add(_effects, other._effects);
        Add(_faults, other._faults);
        Add(_edges, other._edges);
    }

    internal void Count(MessageKind kind) => _messages[(int)kind]++;

    internal void Count(EffectKind kind) => _effects[(int)kind]++;

    internal void Count(FaultKind kind) => _faults[(int)kind]++;

    internal void Count(ReplicaStatus from, ReplicaStatus to) => _edges[Edge(from, to)]++;

    private static int Edge(ReplicaStatus from, ReplicaStatus to) => ((int)from * Statuses) + (int)to;

    private static void Add(long[] to, long[] from)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += from[i];
        }
    }
}
