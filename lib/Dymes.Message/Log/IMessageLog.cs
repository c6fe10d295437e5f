namespace Dymes.Message.Log;

/// <summary>
/// The port of Dymes: a log of messages to append to, query and follow. The embedded engine, the cluster's grains and the HTTP client implement it; endpoints,
/// tools and one contract test suite are written against it. Safe for concurrent use.
/// </summary>
/// <remarks>Trouble is a <see cref="Dymes.Common.DymesException"/>; refusals of single messages are <see cref="AppendOutcome"/>s.</remarks>
public interface IMessageLog
{
    /// <summary>
    /// Appends the messages of a request, and answers when they are durable. The request's memory must not change before that. Cancelling gives up the wait for a
    /// place in the queue; a request that has its place is carried out and its outcome told.
    /// </summary>
    ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Streams the messages of a query, as of its start. A page is valid until the next one is asked for. An empty page tells how far a search has come that finds nothing for long.
    /// </summary>
    IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Streams the messages of a query and then those that come later, in log order, without gap or repeat, until cancelled or the query's limit is reached.
    /// A page is valid until the next one is asked for. An empty page says that everything that was there has been given.
    /// </summary>
    IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, CancellationToken cancellationToken = default);

    /// <summary>What is known of a channel, or null where it holds no message.</summary>
    ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default);

    /// <summary>The channels in order of their numbers.</summary>
    /// <param name="after">Only those behind this one; null: from the lowest.</param>
    /// <param name="limit">How many at most, 1 to 10,000.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>How much the log holds, and how it is.</summary>
    ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default);
}
