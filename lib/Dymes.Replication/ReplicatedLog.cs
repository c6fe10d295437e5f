using System.Runtime.CompilerServices;
using Dymes.Common;
using Dymes.Engine;
using Dymes.Engine.Appending;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.MessageStore;
using Dymes.MessageStore.Files;
using Dymes.Replication.Hosting;
using Dymes.Replication.Sessions;
using Dymes.Vsr;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dymes.Replication;

/// <summary>
/// A member of a group as a log: appends go to the group's primary, wherever it is, and are answered when a majority has them on disk; queries and subscriptions are answered from this
/// member's own files. What was answered here is seen by every query that is made here later.
/// </summary>
public sealed class ReplicatedLog : IMessageLog, IFreshReads, ILogObserver, IAsyncDisposable
{
    private readonly SegmentStore _store;
    private readonly LogReader _reader;
    private readonly EngineMeter _meter = new();
    private readonly ReplicaMeter _replicaMeter = new();
    private readonly AppendQueue _queue;
    private readonly Lanes _lanes;
    private readonly Inbox _inbox = new();
    private readonly ReadPromises _reads;
    private readonly SeenEnd _seenElsewhere = new();
    private readonly ReplicaLoop _loop;
    private readonly ReplicaDisk _disk;
    private readonly Mending _mending;
    private readonly MessageMachine _machine;
    private readonly ReplicaOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private volatile Exception? _failure;
    private volatile bool _isStopping;

    private ReplicatedLog(SegmentStore store, ReplicaOpening opening, ReplicaOptions options, IReplicaTransport transport, TimeProvider clock, ILogger logger)
    {
        _store = store;
        _options = options;
        _clock = clock;
        _logger = logger;
        var time = new HostTime(clock);
        _mending = new Mending(store, _inbox, options.Patience, clock);
        _reader = new LogReader(store, opening.CommittedEnd, _meter, clock) { Mend = _mending.MendAsync };
        _machine = new MessageMachine(store, _reader, options.Engine.IdempotencyKeysMax, logger) { OnDamaged = _mending.Report };
        _queue = new AppendQueue(options.Engine);
        _reads = new ReadPromises(_inbox, time, (ulong)options.Patience.TotalMilliseconds);
        _disk = new ReplicaDisk(store, options.Identity, _inbox, _replicaMeter, logger);
        _lanes = new Lanes(_queue, new AppendAnswers(_meter, clock), time, () => SessionNames.Draw(options.Identity.Self), Ask)
        {
            PatienceMilliseconds = (ulong)options.Patience.TotalMilliseconds,
        };
        var replica = new Replica(options.Identity, options.Settings, opening.Start, _machine);
        var effects = new EffectCarrier(replica, _machine, _lanes, _disk, _reads, transport);
        _loop = new ReplicaLoop(store, replica, _lanes, _inbox, effects, _mending, OnReplicaFailed);
        Stale = new StaleReads(this, _reader, Status);
        _meter.Observe(() => _queue.Requests, Status);
        _replicaMeter.Observe(() => Report);
    }

    /// <summary>The end of what is committed here: every message with a lower position is visible.</summary>
    public Lsn Committed => _reader.Committed;

    /// <summary>Positions by key, and messages by position, as of this member's committed end.</summary>
    public ILogIndex Index => _reader;

    /// <inheritdoc/>
    public Lsn SeenEnd => Own > Committed ? Own : Committed;

    /// <inheritdoc/>
    public IMessageLog Stale { get; }

    /// <summary>Where this member stands.</summary>
    public MemberReport Report => _loop.Report;

    /// <summary>Where this member stands, in an operator's words.</summary>
    public ReplicaProgress Progress
    {
        get
        {
            var report = Report;
            var (condition, detail) = Condition;
            var scrub = _store.Scrub;
            return new ReplicaProgress
            {
                Status = (ReplicaState)report.Status,
                View = report.View.Value,
                LastOp = report.LastOp,
                Commit = report.CommitOp,
                NextLsn = Committed.Value,
                Disk = report.IsDiskFull ? LogCondition.DiskFull : condition == LogCondition.Failed ? condition : LogCondition.Ready,
                Detail = detail,
                ScrubPercent = scrub?.Percent,
                DamageFound = scrub?.DamageFound,
            };
        }
    }

    /// <summary>Opens a member's directory, making it if it is missing, and takes part in the group from then on.</summary>
    /// <param name="options">Who it is, where and how.</param>
    /// <param name="transport">How it reaches the others.</param>
    /// <param name="files">The disk; <see cref="OsFileSystem.Instance"/> in production.</param>
    /// <param name="clock">The time; <see cref="TimeProvider.System"/> in production. It may step.</param>
    /// <param name="logger">Where repairs and failures are told; null: nowhere.</param>
    /// <exception cref="DymesException">The directory is in use or foreign, an option is out of range, or the files are damaged and the group has no other member.</exception>
    public static ReplicatedLog Open(ReplicaOptions options, IReplicaTransport transport, IFileSystem files, TimeProvider clock, ILogger? logger = null)
    {
        var log = logger ?? NullLogger.Instance;
        var (store, opening) = ReplicaOpening.Open(options, files, clock, log);
        ReplicatedLog opened;
        try
        {
            opened = new ReplicatedLog(store, opening, options, transport, clock, log);
        }
        catch
        {
            store.Dispose();
            throw;
        }

        store.Start(opened);
        opened._loop.Start();
        return opened;
    }

    /// <summary>A message of another member.</summary>
    public void Receive(VsrMessage message) => _inbox.AddFromNetwork(new Input(InputKind.Message, Subject: message));

    /// <summary>A request that another member's clients make of the primary.</summary>
    public void Receive(ClientRequest request) => _inbox.AddFromNetwork(new Input(InputKind.Request, Subject: request));

    /// <summary>The primary's answer to a request of this member's clients.</summary>
    public void Receive(ClientReply reply) => _inbox.AddFromNetwork(new Input(InputKind.Reply, Subject: reply));

    /// <inheritdoc/>
    public void See(Lsn end) => _seenElsewhere.Raise(end);

    /// <inheritdoc/>
    public Task ReachAsync(Lsn end, CancellationToken cancellationToken = default) => _reader.Committed >= end ? Task.CompletedTask : CatchUpAsync(end, cancellationToken);

    /// <inheritdoc/>
    public Task ConfirmAsync(CancellationToken cancellationToken = default) => _reads.AskAsync().WaitAsync(cancellationToken);

    /// <summary>Lets another member become the primary, if this one is; the stop of this one then costs nobody a second.</summary>
    public void HandOver() => _inbox.Add(new Input(InputKind.HandOver));

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        request.Validate();
        _meter.Received(request.Count);
        RefuseIfUnable();
        ValueTask<AppendResult> task;
        try
        {
            task = _queue.Add(request, _clock.GetTimestamp());
        }
        catch (DymesException error)
        {
            _meter.Refused(error);
            throw;
        }

        _loop.OnQueued();
        return task;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query.Validate();
        await SeeOwnAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var page in _reader.QueryAsync(query, cancellationToken).ConfigureAwait(false))
        {
            yield return page;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query.ValidateForSubscription();
        await SeeOwnAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var page in _reader.SubscribeAsync(query, cancellationToken).ConfigureAwait(false))
        {
            yield return page;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default)
    {
        await SeeOwnAsync(cancellationToken).ConfigureAwait(false);
        return await _reader.FindChannelAsync(channel, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default)
    {
        await SeeOwnAsync(cancellationToken).ConfigureAwait(false);
        return await _reader.ListChannelsAsync(after, limit, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        await SeeOwnAsync(cancellationToken).ConfigureAwait(false);
        return Status();
    }

    /// <summary>Refuses what waits, ends queries and subscriptions, and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isStopping)
        {
            return;
        }

        _isStopping = true;
        _reader.EndReading();
        await Task.Run(_loop.Stop).ConfigureAwait(false);
        _disk.Dispose();
        await _reader.DisposeAsync().ConfigureAwait(false);
        _store.Dispose();
        _machine.Dispose();
        _meter.Dispose();
        _replicaMeter.Dispose();
    }

    void ILogObserver.OnIdle()
    {
    }

    void ILogObserver.OnDurable(in DurableWrite write)
    {
        _meter.Flushed(write.Bytes, write.Elapsed);
        _inbox.Add(new Input(InputKind.LogDurable, write.Write));
    }

    void ILogObserver.OnDamaged(ulong op) => _mending.Report(op);

    void ILogObserver.OnMended(ulong op) => _mending.OnMended(op);

    void ILogObserver.OnFailed(Exception error) => _inbox.Add(new Input(InputKind.DiskFailed, Subject: error));

    private void Ask(ClientRequest request) => _loop.Ask(request);

    private void OnReplicaFailed(Exception error)
    {
        _logger.LogCritical(error, "This member of the group has stopped: it takes no more part until it is started again. What it has can still be read.");
        _failure = error;
    }

    // What this node has answered comes back from the primary a moment later, except where this member lags far behind.
    private Task SeeOwnAsync(CancellationToken cancellationToken) => ReachAsync(Own, cancellationToken);

    // What this node's clients were told, of which it may not have all yet.
    private Lsn Own => _lanes.AnsweredEnd is var answered && answered > _seenElsewhere.Value ? answered : _seenElsewhere.Value;

    private async Task CatchUpAsync(Lsn end, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.Patience);
        try
        {
            await _reader.WaitBeyondAsync(new Lsn(end.Value - 1), patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DymesException(ErrorCode.NotReady, $"This node has the log up to {_reader.Committed}, and the read wants it up to {end}: it is catching up. Ask another node, or again later, or for consistency stale.");
        }
    }

    private LogStatus Status()
    {
        var extent = _reader.Extent;
        var (condition, detail) = Condition;
        return new LogStatus(extent.End, extent.LastId, extent.StoredBytes, extent.SegmentCount, condition, detail);
    }

    private (LogCondition Condition, string? Detail) Condition => (this, Report) switch
    {
        ({ _failure: { } failure }, _) => (LogCondition.Failed, failure.Message),
        ({ _isStopping: true }, _) => (LogCondition.NotReady, "The node is stopping."),
        (_, { Status: ReplicaStatus.Recovering } report) => (LogCondition.NotReady, $"The node is {report.Standing.ToString().ToLowerInvariant()}: it gets what it lacks from the others."),
        (_, { Status: ReplicaStatus.ViewChange } report) => (LogCondition.NotReady, $"The group chooses a primary for view {report.View}."),
        _ => (LogCondition.Ready, null),
    };

    private void RefuseIfUnable()
    {
        if (_isStopping)
        {
            throw new DymesException(ErrorCode.NotReady, "The node is stopping; the message was not appended. Send it to another node, or again later.");
        }

        if (_failure is { } failure)
        {
            throw new DymesException(
                ErrorCode.StorageFailed, $"This node has left its group ({failure.Message}) and takes no appends until it is restarted. Send the message to another node.", failure);
        }
    }
}
