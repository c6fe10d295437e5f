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

    /// <summary>Which of the shapes it is asked for.</summary>
    public PeerScope Scope { get; init; }

    /// <summary>How long it runs before it is as fast as it gets; a runtime that compiles as it goes takes longer.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);
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
