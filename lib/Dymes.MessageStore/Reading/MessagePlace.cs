using Dymes.Common;
using Dymes.MessageStore.Segments;

namespace Dymes.MessageStore.Reading;

/// <summary>Where a message of an answer is.</summary>
/// <param name="Segment">Its segment.</param>
/// <param name="Row">Its row there.</param>
/// <param name="Ordinal">Its place in the answer: its position in the log, but in a query by ids how many ids are used up with it.</param>
public readonly record struct MessagePlace(Segment Segment, int Row, ulong Ordinal)
{
    /// <summary>The message's position in the log.</summary>
    public Lsn Lsn => Segment.LsnOf(Row);

    /// <summary>The place of a row, in an answer in the order of the log.</summary>
    public static MessagePlace InLog(Segment segment, int row) => new(segment, row, segment.LsnOf(row).Value);
}
