using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Tools.Tests;

/// <summary>A log that tells when it is asked, and keeps appends waiting for as long as a test wants.</summary>
internal sealed class WatchedLog(IMessageLog log) : IMessageLog
{
    private readonly TaskCompletionSource _appending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What appends wait for.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    /// <summary>Done when the first append has come.</summary>
    public Task Appending => _appending.Task;

    /// <summary>Done when the first subscription has come.</summary>
    public Task Subscribed => _subscribed.Task;

    public async ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken = default)
    {
        _appending.TrySetResult();
        await Gate.WaitAsync(cancellationToken);
        return await log.AppendAsync(request, cancellationToken);
    }

    public IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, CancellationToken cancellationToken = default) => log.QueryAsync(query, cancellationToken);

    public IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, CancellationToken cancellationToken = default)
    {
        _subscribed.TrySetResult();
        return log.SubscribeAsync(query, cancellationToken);
    }

    public ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default) => log.FindChannelAsync(channel, cancellationToken);

    public ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default) =>
        log.ListChannelsAsync(after, limit, cancellationToken);

    public ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default) => log.GetStatusAsync(cancellationToken);
}
