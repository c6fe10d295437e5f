using System.Runtime.CompilerServices;
using Dymes.Common;
using Dymes.Engine.Querying;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.MessageStore;

namespace Dymes.Engine;

/// <summary>
/// Everything that only reads: queries, subscriptions, channels and positions, up to the committed end of the log, which whoever appends moves on. Calls run on their callers' threads and
/// never block an append. Safe for concurrent use.
/// </summary>
public sealed class LogReader : ILogIndex, IAsyncDisposable
{
    private const int ChannelsMax = 10_000;
    private readonly SegmentStore _store;
    private readonly EngineMeter _meter;
    private readonly TimeProvider _clock;
    private readonly CommitSignal _committed;
    private readonly ReaderGate _readers = new();
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Reads a store.</summary>
    /// <param name="store">The store; it outlives the reader.</param>
    /// <param name="committed">The committed end as of now.</param>
    /// <param name="meter">Where queries are counted.</param>
    /// <param name="clock">Measures them.</param>
    public LogReader(SegmentStore store, Lsn committed, EngineMeter meter, TimeProvider clock)
    {
        _store = store;
        _meter = meter;
        _clock = clock;
        _committed = new CommitSignal(committed);
    }

    /// <summary>Who mends what is damaged: ends when the entry of a position is whole again, or with false when it will not be soon. Null where nobody does: who reads it is told.</summary>
    public Func<Lsn, CancellationToken, Task<bool>>? Mend { get; init; }

    /// <inheritdoc/>
    public Lsn Committed => _committed.End;

    /// <summary>How much there is to read.</summary>
    public LogExtent Extent
    {
        get
        {
            using var lease = _readers.Enter();
            var view = View();
            return new LogExtent(view.End, view.End == Lsn.First ? MessageId.None : view.PositionOfLast().Id, _store.StoredBytes, view.Segments.Length);
        }
    }

    /// <summary>Everything below this may be seen from now on. One thread at a time calls it; the end never steps back.</summary>
    public void MoveTo(Lsn committed) => _committed.MoveTo(committed);

    /// <inheritdoc cref="IMessageLog.QueryAsync"/>
    public IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, CancellationToken cancellationToken = default)
    {
        query.Validate();
        var fromStart = FromStart(query);
        return RunAsync(fromStart, () => QueryPlanner.Plan(_store, View(), fromStart), cancellationToken);
    }

    /// <inheritdoc cref="IMessageLog.SubscribeAsync"/>
    public IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, CancellationToken cancellationToken = default)
    {
        query.ValidateForSubscription();
        return FollowAsync(FromStart(query), cancellationToken);
    }

    /// <inheritdoc cref="IMessageLog.FindChannelAsync"/>
    public ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default) =>
        AskAsync(() => ChannelDirectory.Find(View(), channel), cancellationToken);

    /// <inheritdoc cref="IMessageLog.ListChannelsAsync"/>
    public ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default)
    {
        if (limit is < 1 or > ChannelsMax)
        {
            throw new DymesException(ErrorCode.InvalidArgument, $"The limit is {limit}; it must be 1 to {ChannelsMax}.") { Field = "limit" };
        }

        return AskAsync(() => ChannelDirectory.List(View(), after, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Lsn> WaitBeyondAsync(Lsn committed, CancellationToken cancellationToken = default) => _committed.WaitBeyondAsync(committed, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Lsn>> ChannelPositionsAsync(ChannelId channel, Lsn from, Lsn to, int limit, CancellationToken cancellationToken = default) =>
        AskAsync(() => ChannelPositions(channel, from, to, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Lsn>> DescendantPositionsAsync(MessageId root, CancellationToken cancellationToken = default) =>
        AskAsync<IReadOnlyList<Lsn>>(() => DescendantWalk.From(View(), root), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Lsn>> AncestorPositionsAsync(MessageId id, CancellationToken cancellationToken = default) =>
        AskAsync<IReadOnlyList<Lsn>>(() => AncestorWalk.From(View(), id), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<FramePage> ReadAsync(IReadOnlyList<Lsn> positions, MessageQuery query, CancellationToken cancellationToken = default) =>
        RunAsync(query, () => new PositionsSource(_store, positions), cancellationToken);

    /// <summary>Ends queries and subscriptions; returns when the last reader has left.</summary>
    public async ValueTask DisposeAsync()
    {
        EndReading();
        await _readers.CloseAsync().ConfigureAwait(false);
    }

    /// <summary>Ends queries and subscriptions that run, and lets none begin; does not wait for them.</summary>
    public void EndReading() => _closing.Cancel();

    private async ValueTask<T> AskAsync<T>(Func<T> ask, CancellationToken cancellationToken)
    {
        using var lease = _readers.Enter();
        return await new DamageWait(Mend, _closing.Token).ReadAsync(ask, cancellationToken).ConfigureAwait(false);
    }

    private IReadOnlyList<Lsn> ChannelPositions(ChannelId channel, Lsn from, Lsn to, int limit)
    {
        var query = new MessageQuery { Bounds = MessageBounds.Everything with { FromLsn = from, ToLsn = to } };
        var view = View();
        var source = new ChannelSource(view, channel, query.Bounds, LsnRange.Of(query, view.End), descends: false);
        return PlaceCollector.Collect(source, limit);
    }

    private async IAsyncEnumerable<FramePage> RunAsync(
        MessageQuery query, Func<IPlaceSource> plan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var lease = _readers.Enter();
        _meter.QueryBegan();
        var started = _clock.GetTimestamp();
        var damage = new DamageWait(Mend, _closing.Token);
        using var reader = new PageReader(await damage.ReadAsync(plan, cancellationToken).ConfigureAwait(false), query, _clock);
        var read = reader.Read;
        while (reader.HasMore)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RefuseIfClosing();
            var page = await damage.ReadAsync(read, cancellationToken).ConfigureAwait(false);
            if (page.Count > 0 || reader.HasMore)
            {
                yield return page; // an empty one says how far a search has come that finds nothing for long
            }

            if (page.Count == 0)
            {
                await Task.Yield(); // and such a search leaves its thread to others now and then
            }
        }

        _meter.QueryEnded(_clock.GetElapsedTime(started));
    }

    private async IAsyncEnumerable<FramePage> FollowAsync(MessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var lease = _readers.Enter();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        var pages = new Subscription(_store, _committed, new DamageWait(Mend, _closing.Token), query, _clock).RunAsync(either.Token).GetAsyncEnumerator(either.Token);
        await using var disposal = pages.ConfigureAwait(false);
        while (await MoveOnAsync(pages, cancellationToken).ConfigureAwait(false))
        {
            yield return pages.Current;
        }
    }

    private async ValueTask<bool> MoveOnAsync(IAsyncEnumerator<FramePage> pages, CancellationToken cancellationToken)
    {
        try
        {
            return await pages.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Closing();
        }
    }

    private LogView View() => new(_store, _committed.End);

    private static MessageQuery FromStart(MessageQuery query) => query.After is { IsStart: true } ? query with { After = null } : query;

    private void RefuseIfClosing()
    {
        if (_closing.IsCancellationRequested)
        {
            throw Closing();
        }
    }

    private static DymesException Closing() => new(ErrorCode.NotReady, "The node is stopping. Ask another node, or again later.");
}

/// <summary>How much of a log can be read.</summary>
/// <param name="End">The position behind the last message.</param>
/// <param name="LastId">Its id, or none.</param>
/// <param name="StoredBytes">The bytes of all files.</param>
/// <param name="SegmentCount">The number of segments.</param>
public readonly record struct LogExtent(Lsn End, MessageId LastId, long StoredBytes, int SegmentCount);
