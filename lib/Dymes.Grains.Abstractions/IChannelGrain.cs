namespace Dymes.Grains.Abstractions;

/// <summary>The index of one channel, and where its subscribers meet. Its key is <see cref="DatasetKeys.OfChannel"/>.</summary>
[Alias("dymes.channel")]
public interface IChannelGrain : IMessageSource;
