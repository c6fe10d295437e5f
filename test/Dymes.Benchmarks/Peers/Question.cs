namespace Dymes.Benchmarks.Peers;

/// <summary>What a reader can ask for.</summary>
internal abstract record Question
{
    private Question()
    {
    }

    /// <summary>Everything, in the system's own order.</summary>
    internal sealed record All : Question;

    /// <summary>The messages of one channel: of a subject, below a key, where a column has a value.</summary>
    internal sealed record Channel(int Number) : Question;

    /// <summary>What was appended between two times.</summary>
    internal sealed record Between(DateTimeOffset From, DateTimeOffset To) : Question;

    /// <summary>A message, and all that followed from it.</summary>
    internal sealed record Tree(string Root) : Question;
}
