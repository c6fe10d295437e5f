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
/// The dataset as callers outside the silo see it. It holds nothing, so every silo has its own and calls interleave: what takes time runs in the engine.
/// </summary>
[StatelessWorker(1), Reentrant]
internal sealed class DatasetGrain(DatasetRegistry datasets, IGrainContext context, LogPatience waiting) : DymesGrain(datasets, context), IDatasetGrain
{
    public ValueTask<AppendResult> AppendAsync(AppendBatch batch, CancellationToken cancellationToken) =>
        Dataset.Log.AppendAsync(batch.ToRequest(), cancellationToken);

    public async ValueTask<FrameBatch> ReadAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        var committed = Dataset.Index.Committed;
        if (committed == Lsn.First)
        {
            return BatchReader.Nothing(committed);
        }

        var stretch = LogStretch.Of(query.UpTo(committed));
        var batch = await BatchReader.ReadAsync(Dataset.Log.QueryAsync(stretch.Query, cancellationToken), query.Limit, committed, cancellationToken);
        return batch.Count == query.Limit ? batch : stretch.Place(batch);
    }

    public ValueTask<FrameBatch> FollowAsync(MessageQuery query, TimeSpan patience, CancellationToken cancellationToken) =>
        waiting.FollowAsync(Dataset, ReadAsync, query, patience, cancellationToken);

    public ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken) =>
        Dataset.Log.ListChannelsAsync(after, limit, cancellationToken);

    public ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken) => Dataset.Log.GetStatusAsync(cancellationToken);
}
