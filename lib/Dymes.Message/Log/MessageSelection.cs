namespace Dymes.Message.Log;

/// <summary>Which messages a query is about. Bounds and filters narrow it further.</summary>
public abstract record MessageSelection
{
    private protected MessageSelection()
    {
    }
}

/// <summary>All messages in the order of the log.</summary>
public sealed record LogSelection : MessageSelection;

/// <summary>All messages in the order of their ids, which is time; it differs from the log's order where messages with older ids were imported.</summary>
public sealed record TimeSelection : MessageSelection;

/// <summary>The messages of a channel, in the order of the log.</summary>
/// <param name="Channel">The channel.</param>
public sealed record ChannelSelection(ChannelId Channel) : MessageSelection;

/// <summary>These messages, in this order; ids that are not in the log are skipped, an id named twice comes twice.</summary>
/// <param name="Ids">1 to <see cref="MessageLimits.QueryIdsMax"/> ids.</param>
public sealed record IdsSelection(IReadOnlyList<MessageId> Ids) : MessageSelection;

/// <summary>A message, then the one it follows from, and so on up to the root.</summary>
/// <param name="Id">The message to start at.</param>
public sealed record AncestorsSelection(MessageId Id) : MessageSelection;

/// <summary>A message and all that follow from it, directly or not, in the order of the log.</summary>
/// <param name="Id">The root of the tree.</param>
public sealed record DescendantsSelection(MessageId Id) : MessageSelection;
