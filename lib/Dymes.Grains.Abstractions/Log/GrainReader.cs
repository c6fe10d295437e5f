using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Log;

/// <summary>
/// Reads a dataset through its grains, page by page, wherever there is a silo that can answer: first through the grain that owns the index of what is asked; where that one's silo is lost or lags,
/// through the dataset's front on another. Safe for concurrent use.
/// </summary>
/// <param name="grains">Reaches the grains.</param>
/// <param name="dataset">The dataset's name.</param>
/// <param name="clock">Paces repeated attempts.</param>
public sealed class GrainReader(IGrainFactory grains, string dataset, TimeProvider clock)
{
    // More than there are silos in most clusters: who goes on from door to door comes to all of them.
    private const int Doors = 8;

    private readonly ReadRetry _retry = new(clock);
    private int _door;

    /// <summary>The next page of a query.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="minEnd">The end of the log that the answer includes at least.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public ValueTask<FrameBatch> ReadAsync(MessageQuery query, Lsn minEnd, CancellationToken cancellationToken) =>
        _retry.AFewTimesAsync(attempt => SourceOf(query.Selection, attempt).ReadAsync(query, minEnd, cancellationToken), cancellationToken);

    /// <summary>The next page of a query that goes on with what comes later; where there is nothing yet, an empty one after a while.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="minEnd">The end of the log that the answer includes at least.</param>
    /// <param name="patience">How long to wait for something to come.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<FrameBatch> FollowAsync(MessageQuery query, Lsn minEnd, TimeSpan patience, CancellationToken cancellationToken) =>
        _retry.UntilAnsweredAsync(attempt => SourceOf(query.Selection, attempt).FollowAsync(query, minEnd, patience, cancellationToken), cancellationToken);

    /// <summary>Asks the dataset's front: always the same silo, as long as that answers.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public ValueTask<T> AskAsync<T>(Func<IDatasetGrain, ValueTask<T>> ask, CancellationToken cancellationToken) =>
        _retry.AFewTimesAsync(attempt => ask(Front(isNext: attempt > 1)), cancellationToken);

    private IMessageSource SourceOf(MessageSelection selection, int attempt) => (attempt % 2, selection) switch
    {
        (1, ChannelSelection channel) => grains.GetGrain<IChannelGrain>(DatasetKeys.OfChannel(dataset, channel.Channel)),
        (1, AncestorsSelection ancestors) => grains.GetGrain<ICorrelationGrain>(DatasetKeys.OfCorrelation(dataset, ancestors.Id)),
        (1, DescendantsSelection descendants) => grains.GetGrain<ICorrelationGrain>(DatasetKeys.OfCorrelation(dataset, descendants.Id)),
        (0, ChannelSelection or AncestorsSelection or DescendantsSelection) => Front(isNext: attempt > 2),
        _ => Front(isNext: attempt > 1),
    };

    // A grain is asked for at each call: a client that is not connected yet knows none.
    private IDatasetGrain Front(bool isNext)
    {
        var door = isNext ? Interlocked.Increment(ref _door) : Volatile.Read(ref _door);
        return grains.GetGrain<IDatasetGrain>(DatasetKeys.OfDoor(dataset, (int)((uint)door % Doors)));
    }
}
