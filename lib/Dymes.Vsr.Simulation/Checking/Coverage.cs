using Dymes.Vsr.Effects;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation.Faults;

namespace Dymes.Vsr.Simulation.Checking;

/// <summary>How often each thing happened that can happen: what never did was not tested.</summary>
public sealed class Coverage
{
    private static readonly int Phases = Enum.GetValues<ReplicaPhase>().Length;
    private readonly long[] _messages = new long[Enum.GetValues<MessageKind>().Length + 1];
    private readonly long[] _effects = new long[Enum.GetValues<EffectKind>().Length];
    private readonly long[] _faults = new long[Enum.GetValues<FaultKind>().Length];
    private readonly long[] _moments = new long[Enum.GetValues<Moment>().Length];
    private readonly long[] _edges = new long[Phases * Phases];

    /// <summary>What can happen and never did, by its name.</summary>
    public IReadOnlyList<string> Missing =>
    [
        .. Enum.GetValues<MessageKind>().Where(kind => Of(kind) == 0).Select(kind => $"message {kind}"),
        .. Enum.GetValues<EffectKind>().Where(kind => Of(kind) == 0).Select(kind => $"effect {kind}"),
        .. Enum.GetValues<FaultKind>().Where(kind => Of(kind) == 0).Select(kind => $"fault {kind}"),
        .. Enum.GetValues<Moment>().Where(moment => moment != Moment.AtOnce && Of(moment) == 0).Select(moment => $"fault at the moment {moment}"),
        .. PhaseEdges.All.Where(edge => Of(edge.From, edge.To) == 0).Select(edge => $"way from {edge.From} to {edge.To}"),
    ];

    /// <summary>How often a message of a kind arrived.</summary>
    public long Of(MessageKind kind) => _messages[(int)kind];

    /// <summary>How often an effect of a kind was carried out.</summary>
    public long Of(EffectKind kind) => _effects[(int)kind];

    /// <summary>How often a fault of a kind did something.</summary>
    public long Of(FaultKind kind) => _faults[(int)kind];

    /// <summary>How often a fault struck that had waited for a moment.</summary>
    public long Of(Moment moment) => _moments[(int)moment];

    /// <summary>How often a replica went from a phase to another, or to another view with the same.</summary>
    public long Of(ReplicaPhase from, ReplicaPhase to) => _edges[Edge(from, to)];

    /// <summary>Adds what another run covered.</summary>
    public void Add(Coverage other)
    {
        Add(_messages, other._messages);
        Add(_effects, other._effects);
        Add(_faults, other._faults);
        Add(_moments, other._moments);
        Add(_edges, other._edges);
    }

    internal void Count(MessageKind kind) => _messages[(int)kind]++;

    internal void Count(EffectKind kind) => _effects[(int)kind]++;

    internal void Count(FaultKind kind) => _faults[(int)kind]++;

    internal void Count(Moment moment) => _moments[(int)moment]++;

    internal void Count(ReplicaPhase from, ReplicaPhase to) => _edges[Edge(from, to)]++;

    private static int Edge(ReplicaPhase from, ReplicaPhase to) => ((int)from * Phases) + (int)to;

    private static void Add(long[] to, long[] from)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += from[i];
        }
    }
}
