using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Dymes.Common;
using Dymes.Engine.Appending;
using Dymes.Engine.Querying;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.MessageStore;
using Dymes.MessageStore.Files;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dymes.Engine;

/// <summary>
/// Dymes in a process of your own: one dataset in one directory, durable and indexed, without a server. Appends are put in order by one thread and written by another; queries
/// and subscriptions run on their callers' threads and never block an append.
/// </summary>
public sealed class DymesEngine : IMessageLog, ILogIndex, ILogObserver, IAsyncDisposable
{
    private readonly SegmentStore _store;
    private readonly Sequencer _sequencer;
    private readonly StoredContent _content = new();
    private readonly CommitSignal _committed;
    private readonly ReaderGate _readers = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly EngineMeter _meter = new();
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    private DymesEngine(SegmentStore store, EngineOptions options, TimeProvider clock, ILogger logger)
    {
        _store = store;
        _clock = clock;
        _logger = logger;
        _committed = new CommitSignal(store.OpenedEnd);
        var window = new IdempotencyWindow(options.IdempotencyKeysMax);
        foreach (var (key, firstLsn, count) in store.NewestIdempotencyKeys(options.IdempotencyKeysMax).Reverse())
        {
            window.Add(key, new KnownRequest(firstLsn, count));
        }

        var requests = new RequestSequencer(store, new MessageIdSequence(entropy => RandomNumberGenerator.Fill(entropy)), window, _content, () => _committed.End);
        _sequencer = new Sequencer(store, requests, options, _meter, clock);
        _meter.Observe(() => _sequencer.QueuedRequests, Status);
    }

    /// <inheritdoc/>
    public Lsn Committed => _committed.End;

    /// <summary>Opens a dataset, making its directory if it is missing, and recovers it from whatever ended the last process.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="files">The disk; <see cref="OsFileSystem.Instance"/> in production.</param>
    /// <param name="clock">The time; <see cref="TimeProvider.System"/> in production. It may step back.</param>
    /// <param name="logger">Where repairs and failures are told; null: nowhere.</param>
    /// <exception cref="DymesException">The directory is in use, foreign or damaged, or an option is out of range.</exception>
    public static DymesEngine Open(EngineOptions options, IFileSystem files, TimeProvider clock, ILogger? logger = null)
    {
        var log = logger ?? NullLogger.Instance;
        var store = SegmentStore.Open(options.Store, files, clock, log);
        DymesEngine engine;
        try
        {
            engine = new DymesEngine(store, options, clock, log);
        }
        catch
        {
            store.Dispose();
            throw;
        }

        store.Start(engine);
        engine._sequencer.Start();
        return engine;
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        request.Validate();
        _meter.Received(request.Count);
        return _sequencer.Enqueue(request);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, CancellationToken cancellationToken = default)
    {
        query.Validate();
        var fromStart = FromStart(query);
        return RunAsync(fromStart, () => QueryPlanner.Plan(_store, View(), fromStart), cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, CancellationToken cancellationToken = default)
    {
        query.ValidateForSubscription();
        return FollowAsync(FromStart(query), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default)
    {
        using var lease = _readers.Enter();
        return ValueTask.FromResult(ChannelDirectory.Find(View(), channel));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default)
    {
        if (limit is < 1 or > ChannelsMax)
        {
            throw new DymesException(ErrorCode.InvalidArgument, $"The limit is {limit}; it must be 1 to {ChannelsMax}.") { Field = "limit" };
        }

        using var lease = _readers.Enter();
        return ValueTask.FromResult(ChannelDirectory.List(View(), after, limit));
    }

    /// <inheritdoc/>
    public ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        using var lease = _readers.Enter();
        return ValueTask.FromResult(Status());
    }

    /// <inheritdoc/>
    public ValueTask<Lsn> WaitBeyondAsync(Lsn committed, CancellationToken cancellationToken = default) => _committed.WaitBeyondAsync(committed, cancellationToken);

    /// <inheritdoc/>
    public IReadOnlyList<Lsn> ChannelPositions(ChannelId channel, Lsn from, Lsn to, int limit)
    {
        using var lease = _readers.Enter();
        var query = new MessageQuery { Bounds = MessageBounds.Everything with { FromLsn = from, ToLsn = to } };
        var view = View();
        var source = new ChannelSource(view, channel, query.Bounds, LsnRange.Of(query, view.End), descends: false);
        return PlaceCollector.Collect(source, limit);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Lsn> DescendantPositions(MessageId root)
    {
        using var lease = _readers.Enter();
        return DescendantWalk.From(View(), root);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Lsn> AncestorPositions(MessageId id)
    {
        using var lease = _readers.Enter();
        return AncestorWalk.From(View(), id);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<FramePage> ReadAsync(IReadOnlyList<Lsn> positions, MessageQuery query, CancellationToken cancellationToken = default) =>
        RunAsync(query, () => new PositionsSource(_store, positions), cancellationToken);

    /// <summary>Carries out the appends that wait, ends queries and subscriptions, and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await Task.Run(_sequencer.Stop).ConfigureAwait(false);
        await _readers.CloseAsync().ConfigureAwait(false);
        _store.Dispose();
        _content.Dispose();
        _meter.Dispose();
        _closing.Dispose();
    }

    void ILogObserver.OnIdle() => _sequencer.OnDiskIdle();

    void ILogObserver.OnDurable(Lsn end, int batchBytes, TimeSpan elapsed)
    {
        _meter.Flushed(batchBytes, elapsed);
        _committed.MoveTo(end); // one replica is its own majority
        _sequencer.OnDurable(end);
    }

    void ILogObserver.OnFailed(Exception error)
    {
        _logger.LogCritical(error, "A write or flush failed. No more appends are taken; check the disk and restart.");
        _sequencer.OnFailed(error);
    }

    private const int ChannelsMax = 10_000;

    private async IAsyncEnumerable<FramePage> RunAsync(
        MessageQuery query, Func<IPlaceSource> plan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var lease = _readers.Enter();
        _meter.QueryBegan();
        var started = _clock.GetTimestamp();
        using var reader = new PageReader(plan(), query);
        while (reader.HasMore)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RefuseIfClosing();
            var page = reader.Read();
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
        var pages = new Subscription(_store, _committed, query).RunAsync(either.Token).GetAsyncEnumerator(either.Token);
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

    private LogStatus Status()
    {
        var view = View();
        var (condition, detail) = _sequencer.Condition;
        return new LogStatus(view.End, view.End == Lsn.First ? MessageId.None : view.PositionOfLast().Id, _store.StoredBytes, view.Segments.Length, condition, detail);
    }

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
