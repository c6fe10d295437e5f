using Dymes.Common;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Abstractions.Log;
using Dymes.Grains.Hosting;
using Dymes.Grains.Index;
using Dymes.Message;
using Dymes.Message.Log;
using Orleans.Concurrency;

namespace Dymes.Grains;

/// <summary>
/// The index of a channel, kept while somebody asks for it. It answers from its window where that reaches, and lets the engine answer where it does not: the answers
/// are the same, so a second activation does no harm.
/// </summary>
[Reentrant, CollectionAgeLimit(Minutes = 2)]
internal sealed class ChannelGrain : DymesGrain, IChannelGrain
{
    /// <summary>128 KiB at most for one channel: all of nearly every channel, and the tail of the others.</summary>
    private const int WindowPositionsMax = 16_384;

    private readonly ChannelId _channel;
    private readonly ChannelWindow _window;
    private readonly LogPatience _waiting;

    public ChannelGrain(DatasetRegistry datasets, IGrainContext context, LogPatience waiting)
        : base(datasets, context)
    {
        _channel = DatasetKeys.ChannelOf(Key);
        _window = new ChannelWindow(Dataset.Index, _channel, WindowPositionsMax);
        _waiting = waiting;
    }

    public async ValueTask<FrameBatch> ReadAsync(MessageQuery query, Lsn minEnd, CancellationToken cancellationToken)
    {
        query.Validate();
        await _waiting.ReachAsync(Dataset, minEnd, cancellationToken);
        var summary = await Dataset.Log.FindChannelAsync(_channel, cancellationToken);
        var committed = Dataset.Index.Committed;
        if (summary is null || query.Bounds.IsEmpty)
        {
            return BatchReader.Nothing(committed);
        }

        await _window.FollowAsync(committed, summary.Count);
        if (_window.Slice(query, committed) is not { } slice)
        {
            return await BatchReader.ReadAsync(Dataset.Log.QueryAsync(query.UpTo(committed), cancellationToken), query.Limit, committed, cancellationToken);
        }

        var pages = Dataset.Index.ReadAsync(slice.Positions, query, cancellationToken);
        var batch = await BatchReader.ReadAsync(pages, query.Limit, committed, cancellationToken);
        return batch.Count == query.Limit ? batch : slice.Place(batch);
    }

    public ValueTask<FrameBatch> FollowAsync(MessageQuery query, Lsn minEnd, TimeSpan patience, CancellationToken cancellationToken) =>
        _waiting.FollowAsync(Dataset, ReadAsync, query, minEnd, patience, cancellationToken);
}
