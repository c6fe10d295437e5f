using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions;

/// <summary>A page of an answer on its way between grains and their callers. Its memory is its own and never changes, so a local call passes it on without a copy.</summary>
[GenerateSerializer, Immutable, Alias("dymes.frame-batch")]
public sealed class FrameBatch
{
    /// <summary>The frames, back to back.</summary>
    [Id(0)]
    public required ReadOnlyMemory<byte> Frames { get; init; }

    /// <summary>How many there are.</summary>
    [Id(1)]
    public required int Count { get; init; }

    /// <summary>Where to go on behind the last of them; null where the query has not moved from its start.</summary>
    [Id(2)]
    public QueryPosition? Position { get; init; }

    /// <summary>The end of the log as of which this was read: what comes later has this position or a higher one.</summary>
    [Id(3)]
    public required Lsn Committed { get; init; }

    /// <summary>Whether the query had no more messages as of <see cref="Committed"/>, or has reached its limit.</summary>
    [Id(4)]
    public required bool IsLast { get; init; }

    /// <summary>The frames as a page of the port.</summary>
    public FramePage ToPage() => new(Frames, Count, Position ?? default);
}
