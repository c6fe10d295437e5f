using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions;

/// <summary>The index of one channel, and where its subscribers meet. Its key is <see cref="DatasetKeys.OfChannel"/>.</summary>
[Alias("dymes.channel")]
public interface IChannelGrain : IMessageSource
{
    /// <summary>What is known of the channel, or null where it holds no message.</summary>
    [Alias("find")]
    ValueTask<ChannelSummary?> FindAsync(CancellationToken cancellationToken);
}
