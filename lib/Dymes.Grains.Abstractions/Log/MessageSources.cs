using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Log;

/// <summary>Which grain answers which query: the one that owns the index of the query's key, or the dataset's front where there is no such key.</summary>
public static class MessageSources
{
    /// <summary>The source of a selection.</summary>
    public static IMessageSource For(IGrainFactory grains, string dataset, MessageSelection selection) => selection switch
    {
        ChannelSelection channel => grains.GetGrain<IChannelGrain>(DatasetKeys.OfChannel(dataset, channel.Channel)),
        AncestorsSelection ancestors => grains.GetGrain<ICorrelationGrain>(DatasetKeys.OfCorrelation(dataset, ancestors.Id)),
        DescendantsSelection descendants => grains.GetGrain<ICorrelationGrain>(DatasetKeys.OfCorrelation(dataset, descendants.Id)),
        _ => grains.GetGrain<IDatasetGrain>(dataset),
    };
}
