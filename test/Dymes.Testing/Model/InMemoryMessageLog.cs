using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Model;

/// <summary>
/// The model of <see cref="IMessageLog"/>: lists, a lock and the obvious loop for everything, so that it can be judged right by reading. Other logs are compared
/// with it; it also stands in for one in tests of what is built on top. Nothing is durable.
/// </summary>
public sealed class InMemoryMessageLog : IMessageLog
{
    private const int ChannelsPerListMax = 10_000;

    private readonly Lock _gate = new();
    private readonly ModelState _state = new();
    private readonly TimeProvider _clock;
    private readonly MessageIdSequence _ids;
    private readonly Queue<MessageId> _foretold = [];
    private TaskCompletionSource _grown = NewSignal();

    /// <summary>Creates an empty log.</summary>
    /// <param name="clock">Tells the time of ids; null: the system's.</param>
    /// <param name="random">Fills ids; null: the system's randomness.</param>
    public InMemoryMessageLog(TimeProvider? clock = null, Action<byte[]>? random = null)
    {
        _clock = clock ?? TimeProvider.System;
        _ids = new MessageIdSequence(random ?? (bytes => RandomNumberGenerator.Fill(bytes)));
    }

    /// <summary>
    /// Tells the ids that the next messages without one of their own get. Ids are the one thing of a log that is random: with those that another log assigned, this one's
    /// answers to the same requests are the same to the byte.
    /// </summary>
    public void Foretell(IEnumerable<MessageId> ids)
    {
        lock (_gate)
        {
            _foretold.Clear();
            ids.ToList().ForEach(_foretold.Enqueue);
        }
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken = default)
    {
        request.Validate();
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var receipts = new ModelAppend(_state, NextId).Run(request);
            _grown.TrySetResult();
            _grown = NewSignal();
            return ValueTask.FromResult(new AppendResult(receipts));
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query.Validate();
        List<ModelAnswer> answers;
        lock (_gate)
        {
            answers = new ModelQuery(_state).Run(query);
        }

        foreach (var page in new ModelPages().Cut(answers))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return page;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query.ValidateForSubscription();
        var follower = new ModelFollower(_state, query);
        var hasCaughtUp = false;
        while (true)
        {
            List<ModelAnswer> news;
            Task grown;
            lock (_gate)
            {
                news = follower.TakeNews();
                grown = _grown.Task;
            }

            foreach (var page in new ModelPages().Cut(news))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return page;
            }

            if (follower.IsDone)
            {
                yield break;
            }

            if (!hasCaughtUp)
            {
                hasCaughtUp = true;
                yield return new FramePage(default, 0, follower.Position);
            }

            await grown.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(_state.Summarize(channel));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default)
    {
        if (limit is < 1 or > ChannelsPerListMax)
        {
            throw new DymesException(ErrorCode.InvalidArgument, $"The limit is {limit}; it must be 1 to {ChannelsPerListMax}.") { Field = "limit" };
        }

        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ChannelSummary>>(
            [
                .. _state.Channels
                    .Where(channel => after is not { } bound || channel.CompareTo(bound) > 0)
                    .Take(limit)
                    .Select(channel => _state.Summarize(channel)!),
            ]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var lastId = _state.Log.Count == 0 ? MessageId.None : _state.Log[^1].Id;
            var bytes = _state.Log.Sum(message => (long)message.Bytes.Length);
            return ValueTask.FromResult(new LogStatus(_state.NextLsn, lastId, bytes, 1, LogCondition.Ready, null));
        }
    }

    // An id that was made may have been given to an import before: then the next one is taken.
    private MessageId NextId()
    {
        if (_foretold.TryDequeue(out var id))
        {
            return id;
        }

        do
        {
            id = _ids.Next(_clock.GetUtcNow().ToUnixTimeMilliseconds());
        }
        while (_state.Find(id) is not null);
        return id;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
