namespace Dymes.Benchmarks.Peers;

/// <summary>A system that runs, in one configuration, with nothing in it at first. Whoever started it ends it, and what it stored goes with its folder.</summary>
internal interface IPeer : IAsyncDisposable
{
    /// <summary>The ways to append one message and wait.</summary>
    IReadOnlyList<IAppender> Singles { get; }

    /// <summary>The ways to append many messages at once; the first fills it, too.</summary>
    IReadOnlyList<ClientAppender> Batches { get; }

    /// <summary>The ways to read.</summary>
    IReadOnlyList<IReader> Readers { get; }

    /// <summary>How it goes on without its primary; null: <see cref="FailoverLack"/> says why it does not.</summary>
    IFailover? Failover => null;

    /// <summary>Why it does not go on without its primary.</summary>
    string FailoverLack => "one node";

    /// <summary>Its nodes' processes; what they started counts with them.</summary>
    IReadOnlyList<int> Processes { get; }

    /// <summary>Where its nodes keep what they store, one directory each.</summary>
    IReadOnlyList<string> Directories { get; }

    /// <summary>Appends a tree in which each message is the cause of ten others; returns what <see cref="Question.Tree"/> asks for, or null where causes are nothing that it knows.</summary>
    Task<string?> AppendTreeAsync(int messages) => Task.FromResult<string?>(null);

    /// <summary>Stops all nodes as an operator does.</summary>
    Task StopAsync();

    /// <summary>Starts all nodes over what they have; it takes appends when this ends.</summary>
    Task StartAgainAsync();
}
