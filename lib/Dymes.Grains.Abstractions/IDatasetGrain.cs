using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions;

/// <summary>A dataset's front, on every silo that holds it: appends, and the queries that no index grain is for. Its key is the dataset's name.</summary>
[Alias("dymes.dataset")]
public interface IDatasetGrain : IMessageSource
{
    /// <summary>Appends, and answers when the messages are durable.</summary>
    /// <exception cref="Dymes.Common.DymesException">The request was not run, or (<see cref="Dymes.Common.ErrorCode.OutcomeUnknown"/>) may have been.</exception>
    [Alias("append")]
    ValueTask<AppendResult> AppendAsync(AppendBatch batch, CancellationToken cancellationToken);

    /// <summary>The channels in order of their numbers; see <see cref="IMessageLog.ListChannelsAsync"/>.</summary>
    [Alias("channels")]
    ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken);

    /// <summary>How much the dataset holds, and how it is.</summary>
    [Alias("status")]
    ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken);
}
