using System.Runtime.CompilerServices;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Log;

/// <summary>
/// The log of a dataset, reached through its grains: from an Orleans client or from any silo. Reads go on at the next message when a silo is lost; an append whose
/// answer is lost is told as <see cref="ErrorCode.OutcomeUnknown"/>, for only its sender knows whether it carries an id or an idempotency key.
/// </summary>
/// <param name="grains">Reaches the grains.</param>
/// <param name="dataset">The dataset's name.</param>
/// <param name="clock">Paces repeated attempts; null: the system's.</param>
public sealed class GrainMessageLog(IGrainFactory grains, string dataset = DatasetKeys.DefaultDataset, TimeProvider? clock = null) : IMessageLog
{
    private readonly ReadRetry _retry = new(clock ?? TimeProvider.System);

    // Asked for at each call: a client that is not connected yet knows no grains.
    private IDatasetGrain Dataset => grains.GetGrain<IDatasetGrain>(dataset);

    /// <inheritdoc/>
    public async ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken = default)
    {
        request.Validate();
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await Dataset.AppendAsync(new AppendBatch(request), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (GrainFault.IsTransport(error))
        {
            throw GrainFault.OfAppend(error);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query.Validate();
        var source = MessageSources.For(grains, dataset, query.Selection);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var rest = query;
        var next = ReadAsync(source, rest, abandoned.Token);
        try
        {
            while (true)
            {
                var batch = await next.ConfigureAwait(false);
                if (!batch.IsLast)
                {
                    // The next page travels while the caller works on this one.
                    rest = rest.AsOf(batch);
                    next = ReadAsync(source, rest, abandoned.Token);
                }

                if (batch.Count > 0)
                {
                    yield return batch.ToPage();
                }

                if (batch.IsLast)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await abandoned.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query.ValidateForSubscription();
        var source = MessageSources.For(grains, dataset, query.Selection);
        var rest = query.Selection is TimeSelection ? query with { Selection = new LogSelection() } : query;
        var hasCaughtUp = false;
        while (rest.Limit is not 0)
        {
            var (asked, patience) = (rest, hasCaughtUp ? GrainLimits.PatienceMax : TimeSpan.Zero);
            var batch = await _retry
                .UntilAnsweredAsync(() => source.FollowAsync(asked, patience, cancellationToken), cancellationToken).ConfigureAwait(false);
            rest = batch.IsLast ? rest.Beyond(batch) : rest.Behind(batch);
            if (batch.Count > 0)
            {
                yield return batch.ToPage();
            }

            if (batch.IsLast && !hasCaughtUp && rest.Limit is not 0)
            {
                hasCaughtUp = true;
                yield return new FramePage(default, 0, batch.EndOfLog());
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default) =>
        _retry.AFewTimesAsync(() => grains.GetGrain<IChannelGrain>(DatasetKeys.OfChannel(dataset, channel)).FindAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default) =>
        _retry.AFewTimesAsync(() => Dataset.ListChannelsAsync(after, limit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        _retry.AFewTimesAsync(() => Dataset.GetStatusAsync(cancellationToken), cancellationToken);

    private Task<FrameBatch> ReadAsync(IMessageSource source, MessageQuery rest, CancellationToken cancellationToken) =>
        _retry.AFewTimesAsync(() => source.ReadAsync(rest, cancellationToken), cancellationToken).AsTask();
}
