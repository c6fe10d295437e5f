using System.Security.Cryptography;
using Dymes.Common;
using Dymes.Engine.Appending;
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
public sealed class DymesEngine : IMessageLog, ILogObserver, IAsyncDisposable
{
    private readonly SegmentStore _store;
    private readonly Sequencer _sequencer;
    private readonly StoredContent _content;
    private readonly LogReader _reader;
    private readonly EngineMeter _meter = new();
    private readonly ILogger _logger;
    private bool _isDisposed;

    private DymesEngine(SegmentStore store, EngineOptions options, TimeProvider clock, ILogger logger)
    {
        _store = store;
        _logger = logger;
        _content = new StoredContent(store.Appender);
        _reader = new LogReader(store, store.OpenedEnd, _meter, clock);
        var window = new IdempotencyWindow(options.IdempotencyKeysMax);
        window.Reset(store.NewestIdempotencyKeys(options.IdempotencyKeysMax).Reverse());
        var requests = new RequestSequencer(store, new MessageIdSequence(entropy => RandomNumberGenerator.Fill(entropy)), window, _content, () => _reader.Committed);
        _sequencer = new Sequencer(store, requests, options, _meter, clock);
        _meter.Observe(() => _sequencer.QueuedRequests, Status);
    }

    /// <summary>The end of what can be read: every message with a lower position is visible.</summary>
    public Lsn Committed => _reader.Committed;

    /// <summary>Positions by key, and messages by position.</summary>
    public ILogIndex Index => _reader;

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
    public IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, CancellationToken cancellationToken = default) => _reader.QueryAsync(query, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, CancellationToken cancellationToken = default) => _reader.SubscribeAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default) => _reader.FindChannelAsync(channel, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default) =>
        _reader.ListChannelsAsync(after, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(Status());

    /// <summary>Carries out the appends that wait, ends queries and subscriptions, and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _reader.EndReading();
        await Task.Run(_sequencer.Stop).ConfigureAwait(false);
        await _reader.DisposeAsync().ConfigureAwait(false);
        _store.Dispose();
        _content.Dispose();
        _meter.Dispose();
    }

    void ILogObserver.OnIdle() => _sequencer.OnDiskIdle();

    void ILogObserver.OnDurable(in DurableWrite write)
    {
        _meter.Flushed(write.Bytes, write.Elapsed);
        _reader.MoveTo(write.End); // alone, a node is its own majority
        _sequencer.OnDurable(write.End);
    }

    void ILogObserver.OnDamaged(ulong op)
    {
        // alone, there is nobody to get it from
    }

    void ILogObserver.OnMended(ulong op)
    {
        // alone, nobody gives back what is damaged
    }

    void ILogObserver.OnFailed(Exception error)
    {
        _logger.LogCritical(error, "A write or flush failed. No more appends are taken; check the disk and restart.");
        _sequencer.OnFailed(error);
    }

    private LogStatus Status()
    {
        var extent = _reader.Extent;
        var (condition, detail) = _sequencer.Condition;
        return new LogStatus(extent.End, extent.LastId, extent.StoredBytes, extent.SegmentCount, condition, detail);
    }
}
