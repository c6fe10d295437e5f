using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Peers;

/// <summary>One way to read from a system, by one connection.</summary>
internal interface IReader
{
    /// <summary>The client: a program or a library.</summary>
    string Name { get; }

    /// <summary>Whether it does less with what it reads than the readers of other systems.</summary>
    bool IsCheap => false;

    /// <summary>Why a question cannot be asked, in a few words; null: it can.</summary>
    string? Lack(Question question);

    Task<ReadResult> ReadAsync(Question question);
}
