using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Engine;

/// <summary>
/// What an index grain needs of the engine beside <see cref="IMessageLog"/>: positions by key, without reading messages, and messages by position. All answers are
/// as of <see cref="Committed"/> at the time of the call. Safe for concurrent use; the calls read memory and mapped files and do not block on the writer; where these are damaged they
/// wait for whoever mends them.
/// </summary>
public interface ILogIndex
{
    /// <summary>The end of what is committed: every message with a lower position is visible.</summary>
    Lsn Committed { get; }

    /// <summary>Waits until more is committed than this, and returns the new end.</summary>
    ValueTask<Lsn> WaitBeyondAsync(Lsn committed, CancellationToken cancellationToken = default);

    /// <summary>The positions of a channel's messages from <paramref name="from"/> to <paramref name="to"/>, both inclusive, in ascending order.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="from">The lowest position.</param>
    /// <param name="to">The highest position.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask<IReadOnlyList<Lsn>> ChannelPositionsAsync(ChannelId channel, Lsn from, Lsn to, int limit, CancellationToken cancellationToken = default);

    /// <summary>The positions of a message and of all that follow from it, in ascending order; empty where the message does not exist.</summary>
    ValueTask<IReadOnlyList<Lsn>> DescendantPositionsAsync(MessageId root, CancellationToken cancellationToken = default);

    /// <summary>The positions of a message and of those it follows from, up to the root; empty where the message does not exist.</summary>
    ValueTask<IReadOnlyList<Lsn>> AncestorPositionsAsync(MessageId id, CancellationToken cancellationToken = default);

    /// <summary>Reads the messages at these positions, in this order, and passes on those within the query's bounds and filters, up to its limit.</summary>
    /// <param name="positions">Positions below <see cref="Committed"/>.</param>
    /// <param name="query">Bounds, filters and limit; its selection and position are not used.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<FramePage> ReadAsync(IReadOnlyList<Lsn> positions, MessageQuery query, CancellationToken cancellationToken = default);
}
