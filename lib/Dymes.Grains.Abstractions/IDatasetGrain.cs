using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions;

/// <summary>A dataset's front, on every silo that holds it: appends, and the queries that no index grain is for. Its key is one of <see cref="DatasetKeys.OfDoor"/>.</summary>
[Alias("dymes.dataset")]
public interface IDatasetGrain : IMessageSource
{
    /// <summary>Appends, and answers when the messages are durable.</summary>
    /// <exception cref="Dymes.Common.DymesException">The request was not run, or (<see cref="Dymes.Common.ErrorCode.OutcomeUnknown"/>) may have been.</exception>
    [Alias("append"), ResponseTimeout(GrainLimits.AppendTimeout)]
    ValueTask<AppendResult> AppendAsync(AppendBatch batch, CancellationToken cancellationToken);

    /// <summary>What is known of a channel, or null where it holds no message.</summary>
    [Alias("channel"), ResponseTimeout(GrainLimits.ReadTimeout)]
    ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, Lsn minEnd, CancellationToken cancellationToken);

    /// <summary>The channels in order of their numbers; see <see cref="IMessageLog.ListChannelsAsync"/>.</summary>
    [Alias("channels"), ResponseTimeout(GrainLimits.ReadTimeout)]
    ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, Lsn minEnd, CancellationToken cancellationToken);

    /// <summary>How much the dataset holds, and how it is.</summary>
    [Alias("status"), ResponseTimeout(GrainLimits.ReadTimeout)]
    ValueTask<LogStatus> GetStatusAsync(Lsn minEnd, CancellationToken cancellationToken);

    /// <summary>An end of the log that includes everything that was acknowledged anywhere in the group before the call: the primary has confirmed it.</summary>
    [Alias("confirm"), ResponseTimeout(GrainLimits.ReadTimeout)]
    ValueTask<Lsn> ConfirmAsync(CancellationToken cancellationToken);
}
