using Dymes.Common;
using Dymes.Message;

namespace Dymes.Engine.Querying;

/// <summary>Finds a message and all that follow from it, from indexes alone.</summary>
internal static class DescendantWalk
{
    private const int RowsPerStep = 256;

    /// <summary>The positions in ascending order; empty where the root is not visible.</summary>
    /// <exception cref="DymesException">The tree is larger than <see cref="MessageLimits.DescendantsMax"/>.</exception>
    public static List<Lsn> From(LogView view, MessageId root)
    {
        var found = new List<Lsn>();
        if (!view.TryFind(root, out var segment, out var row))
        {
            return found;
        }

        // Imports may make a circle of parents: each message counts once.
        var seen = new HashSet<ulong> { segment.LsnOf(row).Value };
        var waiting = new Stack<MessageId>();
        found.Add(segment.LsnOf(row));
        waiting.Push(root);
        Span<int> rows = stackalloc int[RowsPerStep];
        while (waiting.TryPop(out var parent))
        {
            foreach (var candidate in view.Segments)
            {
                var visible = view.VisibleRows(candidate);
                var from = 0;
                for (var count = RowsPerStep; count == RowsPerStep;)
                {
                    count = candidate.Index.CopyChildRows(parent, from, rows);
                    foreach (var child in rows[..count])
                    {
                        if (child < visible && seen.Add(candidate.LsnOf(child).Value))
                        {
                            found.Add(candidate.LsnOf(child));
                            waiting.Push(candidate.Index.IdAt(child));
                        }
                    }

                    from = count > 0 ? rows[count - 1] + 1 : 0;
                }
            }

            RequireWithinLimit(found.Count, root);
        }

        found.Sort();
        return found;
    }

    private static void RequireWithinLimit(int count, MessageId root)
    {
        if (count > MessageLimits.DescendantsMax)
        {
            throw new DymesException(
                ErrorCode.TooLarge, $"More than {MessageLimits.DescendantsMax} messages follow from {root}. Ask for the descendants of a message further down.");
        }
    }
}
