using Dymes.MessageStore.Segments;

namespace Dymes.MessageStore.Recovery;

/// <summary>A log as it was found on disk.</summary>
/// <param name="Segments">All segments; the last one grows.</param>
/// <param name="End">Where the last segment's batches end.</param>
/// <param name="Tail">What the next entry continues.</param>
internal sealed record OpenedLog(List<Segment> Segments, SegmentEnd End, LogTail Tail);
