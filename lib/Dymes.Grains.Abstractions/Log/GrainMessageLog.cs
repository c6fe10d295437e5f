using System.Runtime.CompilerServices;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Log;

/// <summary>
/// The log of a dataset, reached through its grains: from an Orleans client or from any silo. Whichever silos answer, all that is read here includes what was appended and read here before. Reads go on at
/// the next message when a silo is lost; an append whose answer is lost is told as <see cref="ErrorCode.OutcomeUnknown"/>, for only its sender knows whether it carries an id or an idempotency key.
/// </summary>
public sealed class GrainMessageLog : IMessageLog, IFreshReads
{
    private readonly IGrainFactory _grains;
    private readonly string _dataset;
    private readonly GrainReader _reader;
    private readonly SeenEnd _seen;
    private readonly bool _isStale;

    /// <summary>Reaches a dataset.</summary>
    /// <param name="grains">Reaches the grains.</param>
    /// <param name="dataset">The dataset's name.</param>
    /// <param name="clock">Paces repeated attempts; null: the system's.</param>
    public GrainMessageLog(IGrainFactory grains, string dataset = DatasetKeys.DefaultDataset, TimeProvider? clock = null)
    {
        (_grains, _dataset, _seen) = (grains, dataset, new SeenEnd());
        _reader = new GrainReader(grains, dataset, clock ?? TimeProvider.System);
        Stale = new GrainMessageLog(this);
    }

    private GrainMessageLog(GrainMessageLog fresh)
    {
        (_grains, _dataset, _seen, _reader, _isStale) = (fresh._grains, fresh._dataset, new SeenEnd(), fresh._reader, true);
        Stale = this;
    }

    /// <inheritdoc/>
    public Lsn SeenEnd => _isStale ? Lsn.First : _seen.Value;

    /// <inheritdoc/>
    public IMessageLog Stale { get; }

    /// <inheritdoc/>
    public async ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken = default)
    {
        request.Validate();
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var result = await _grains.GetGrain<IDatasetGrain>(_dataset).AppendAsync(new AppendBatch(request), cancellationToken).ConfigureAwait(false);
            _seen.Add(result);
            return result;
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
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var rest = query;
        var next = _reader.ReadAsync(rest, SeenEnd, abandoned.Token).AsTask();
        try
        {
            while (true)
            {
                var batch = await next.ConfigureAwait(false);
                if (!batch.IsLast)
                {
                    // The next page travels while the caller works on this one. It may come from a silo that lags behind the one that gave the first.
                    rest = rest.AsOf(batch);
                    next = _reader.ReadAsync(rest, rest.Bounds.ToLsn.Next, abandoned.Token).AsTask();
                }

                if (batch.Count > 0)
                {
                    _seen.Add(batch.Frames.Span);
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
        var rest = query.Selection is TimeSelection ? query with { Selection = new LogSelection() } : query;
        var hasCaughtUp = false;
        var known = Lsn.First;
        while (rest.Limit is not 0)
        {
            var minEnd = SeenEnd > known ? SeenEnd : known;
            var batch = await _reader.FollowAsync(rest, minEnd, hasCaughtUp ? GrainLimits.PatienceMax : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            known = batch.Committed;
            rest = batch.IsLast ? rest.Beyond(batch) : rest.Behind(batch);
            if (batch.Count > 0)
            {
                _seen.Add(batch.Frames.Span);
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
    public async ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default)
    {
        var found = await _reader.AskAsync(front => front.FindChannelAsync(channel, SeenEnd, cancellationToken), cancellationToken).ConfigureAwait(false);
        _seen.Raise(found?.LastLsn.Next ?? Lsn.First);
        return found;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default)
    {
        var channels = await _reader.AskAsync(front => front.ListChannelsAsync(after, limit, SeenEnd, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var channel in channels)
        {
            _seen.Raise(channel.LastLsn.Next);
        }

        return channels;
    }

    /// <inheritdoc/>
    public ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default) => GetStatusAsync(SeenEnd, cancellationToken);

    /// <inheritdoc/>
    public void See(Lsn end) => _seen.Raise(end);

    /// <inheritdoc/>
    public async Task ReachAsync(Lsn end, CancellationToken cancellationToken = default)
    {
        // Anybody may name an end that will never be, so it counts when a silo has it.
        if (end > _seen.Value)
        {
            await GetStatusAsync(end, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task ConfirmAsync(CancellationToken cancellationToken = default) =>
        _seen.Raise(await _reader.AskAsync(front => front.ConfirmAsync(cancellationToken), cancellationToken).ConfigureAwait(false));

    private async ValueTask<LogStatus> GetStatusAsync(Lsn minEnd, CancellationToken cancellationToken)
    {
        var status = await _reader.AskAsync(front => front.GetStatusAsync(minEnd, cancellationToken), cancellationToken).ConfigureAwait(false);
        _seen.Raise(status.NextLsn);
        return status;
    }
}
