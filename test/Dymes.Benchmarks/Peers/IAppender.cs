using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Peers;

/// <summary>One way to append to a system, as its clients do it.</summary>
internal interface IAppender
{
    /// <summary>The client: a program or a library.</summary>
    string Name { get; }

    /// <summary>Whether it costs less than what all systems can be driven by.</summary>
    bool IsCheap => false;

    Task<LoadResult> RunAsync(AppendLoad load, TimeSpan duration);
}

/// <summary>Who appends, and what.</summary>
/// <param name="Clients">How many wait for an answer at any time.</param>
/// <param name="Batch">How many messages each of them sends at once.</param>
/// <param name="BodyBytes">The size of the bodies.</param>
internal sealed record AppendLoad(int Clients, int Batch, int BodyBytes);
