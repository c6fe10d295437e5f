using Dymes.Message.Log;

namespace Dymes.Grains.Cursors;

/// <summary>What is kept of a cursor.</summary>
/// <param name="Rest">The rest of its query: behind what was given, as the log was when the cursor was opened; null: it was closed.</param>
/// <param name="LastUsed">When it was opened, last read, or closed.</param>
/// <param name="Version">How many places it has had, this one included.</param>
[GenerateSerializer, Immutable, Alias("dymes.cursor-place")]
internal sealed record CursorPlace([property: Id(0)] MessageQuery? Rest, [property: Id(1)] DateTimeOffset LastUsed, [property: Id(2)] ulong Version)
{
    public bool IsClosed => Rest is null;

    /// <summary>Whether this is what counts where another place was told too. A closed cursor stays closed: nothing opens it again.</summary>
    public bool Supersedes(CursorPlace? other) => other is null || (!other.IsClosed && (IsClosed || Version > other.Version));
}
