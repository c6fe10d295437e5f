namespace Dymes.Benchmarks.Peers;

/// <summary>A system of three nodes that goes on without its primary.</summary>
internal interface IFailover
{
    /// <summary>How long a client waits for an answer before it asks another node.</summary>
    static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Appends a message, if need be again and again at whichever node, and ends when it is acknowledged.</summary>
    Task AppendAsync(int client, CancellationToken stop);

    /// <summary>Ends the primary as a power cut would (SIGKILL).</summary>
    Task KillPrimaryAsync();

    /// <summary>Starts the killed node again and waits until it is a member.</summary>
    Task RestoreAsync();
}
