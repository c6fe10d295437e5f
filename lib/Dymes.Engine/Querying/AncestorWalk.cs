using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Reading;

namespace Dymes.Engine.Querying;

/// <summary>Finds a message, the one it follows from, and so on up to the root: one small read for each.</summary>
internal static class AncestorWalk
{
    /// <summary>The positions, the message itself first; empty where it is not visible.</summary>
    public static List<Lsn> From(LogView view, MessageId id)
    {
        var found = new List<Lsn>();
        var seen = new HashSet<ulong>(); // imports may make a circle of parents
        using var reader = new FrameReader();
        while (!id.IsNone && view.TryFind(id, out var segment, out var row) && seen.Add(segment.LsnOf(row).Value))
        {
            if (found.Count == MessageLimits.DescendantsMax)
            {
                throw new DymesException(ErrorCode.TooLarge, $"The chain has more than {MessageLimits.DescendantsMax} ancestors. Start further up, at {id}.");
            }

            found.Add(segment.LsnOf(row));
            reader.Clear();
            var parent = MessageId.None;
            reader.Read([MessagePlace.InLog(segment, row)], frame =>
            {
                parent = frame.CorrelationId;
                return false;
            });
            id = parent;
        }

        return found;
    }
}
