using Dymes.Engine;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Replication;

/// <summary>A member's log as it is at hand: queries wait neither for what this node has answered nor for anything else.</summary>
internal sealed class StaleReads(ReplicatedLog log, LogReader reader, Func<LogStatus> status) : IMessageLog
{
    public ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken = default) => log.AppendAsync(request, cancellationToken);

    public IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, CancellationToken cancellationToken = default) => reader.QueryAsync(query, cancellationToken);

    public IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, CancellationToken cancellationToken = default) => reader.SubscribeAsync(query, cancellationToken);

    public ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default) => reader.FindChannelAsync(channel, cancellationToken);

    public ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default) =>
        reader.ListChannelsAsync(after, limit, cancellationToken);

    public ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(status());
}
