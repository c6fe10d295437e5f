using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Peers;

/// <summary>A system in one configuration, as it stands in every table.</summary>
/// <param name="Name">The system, its number of nodes, and what is not default.</param>
/// <param name="Durability">What an acknowledgement means.</param>
/// <param name="Configuration">How it is set up, for whoever wants the same.</param>
/// <param name="Installation">Whether it is there.</param>
/// <param name="StartAsync">Starts it with its data in an empty directory that is its own.</param>
internal sealed record PeerSystem(string Name, string Durability, string Configuration, Installation Installation, Func<string, Task<IPeer>> StartAsync)
{
    public int Nodes { get; init; } = 1;

    /// <summary>Whether an acknowledgement means that the message is on as many disks as it takes.</summary>
    public bool IsFlushed { get; init; } = true;

    public bool IsOurs { get; init; }

    /// <summary>Which of the shapes it is asked for.</summary>
    public PeerScope Scope { get; init; }

    /// <summary>How long it runs before it is as fast as it gets; a runtime that compiles as it goes takes longer.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>What is known of it before it runs, for an estimate of time.</summary>
    public PeerPace Pace { get; init; } = new();

    /// <summary>Its rivals where it matters how many nodes work.</summary>
    public string NodeClass => Nodes == 1 ? "1 node" : $"{Nodes} nodes";

    /// <summary>Its rivals where it also matters what an acknowledgement promises.</summary>
    public string AppendClass => Scope == PeerScope.Floor ? Durability : $"{NodeClass}, {(IsFlushed ? "fsync" : "no fsync")} before the ack";

    /// <summary>Its row in a table of this class.</summary>
    public TableRow Row(string rowClass) => new(Name, Durability) { Class = rowClass, System = Name, IsOurs = IsOurs };
}

/// <summary>Which of the shapes a system is asked for.</summary>
internal enum PeerScope
{
    /// <summary>All.</summary>
    Everything,

    /// <summary>Appends: it differs from another one in how it writes, and reads what that one reads.</summary>
    Appends,

    /// <summary>Single appends: it stores nothing and shows what the client costs.</summary>
    Floor,
}

/// <summary>About how fast a system is; only estimates of a run's time depend on it.</summary>
/// <param name="Singles">In how many ways it appends single messages.</param>
/// <param name="Batches">In how many ways it appends batches.</param>
/// <param name="FillPerSecond">How many messages a second it takes when it is filled.</param>
/// <param name="ReadPerSecond">How many messages a second it gives when all are read.</param>
/// <param name="ReadWays">In how many ways it reads.</param>
internal sealed record PeerPace(int Singles = 1, int Batches = 1, double FillPerSecond = 25_000, double ReadPerSecond = 150_000, int ReadWays = 1);
