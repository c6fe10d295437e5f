using Dymes.Common;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Hosting;
using Dymes.Grains.Index;
using Dymes.Message.Log;
using Orleans.Concurrency;

namespace Dymes.Grains;

/// <summary>
/// The index of a message's relations: the chain it follows from and the tree that follows from it, each found once and kept while it is read page by page.
/// </summary>
[Reentrant, CollectionAgeLimit(Minutes = 2)]
internal sealed class CorrelationGrain : DymesGrain, ICorrelationGrain
{
    private readonly RelationIndex _ancestors;
    private readonly RelationIndex _descendants;
    private readonly LogPatience _waiting;

    public CorrelationGrain(DatasetRegistry datasets, IGrainContext context, LogPatience waiting)
        : base(datasets, context)
    {
        var id = DatasetKeys.CorrelationOf(Key);
        _ancestors = new RelationIndex(Dataset.Index, () => Dataset.Index.AncestorPositionsAsync(id));
        _descendants = new RelationIndex(Dataset.Index, () => Dataset.Index.DescendantPositionsAsync(id));
        _waiting = waiting;
    }

    public async ValueTask<FrameBatch> ReadAsync(MessageQuery query, Lsn minEnd, CancellationToken cancellationToken)
    {
        query.Validate();
        var committed = await _waiting.ReachAsync(Dataset, minEnd, cancellationToken);
        var end = query.Bounds.ToLsn < committed ? query.Bounds.ToLsn.Next : committed;
        var slice = query.Selection is AncestorsSelection
            ? RelationSlices.OfChain(await _ancestors.AsOfAsync(end), query)
            : RelationSlices.OfTree(await _descendants.AsOfAsync(end), query, end);
        if (slice.Positions.Count == 0)
        {
            return BatchReader.Nothing(committed);
        }

        var pages = Dataset.Index.ReadAsync(slice.Positions, query, cancellationToken);
        var batch = await BatchReader.ReadAsync(pages, query.Limit, committed, cancellationToken);
        return batch.Count == query.Limit ? batch : slice.Place(batch);
    }

    public ValueTask<FrameBatch> FollowAsync(MessageQuery query, Lsn minEnd, TimeSpan patience, CancellationToken cancellationToken) =>
        _waiting.FollowAsync(Dataset, ReadAsync, query, minEnd, patience, cancellationToken);
}
