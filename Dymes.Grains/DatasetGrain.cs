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

    public async ValueTask<FrameBatch> ReadAsync(MessageQuery query, Lsn minEnd, CancellationToken cancellationToken)
    {
        var committed = await waiting.ReachAsync(Dataset, minEnd, cancellationToken);
        if (committed == Lsn.First)
        {
            return BatchReader.Nothing(committed);
        }

        var stretch = LogStretch.Of(query.UpTo(committed));
        var batch = await BatchReader.ReadAsync(Dataset.Log.QueryAsync(stretch.Query, cancellationToken), query.Limit, committed, cancellationToken);
        return batch.Count == query.Limit ? batch : stretch.Place(batch);
    }

    public ValueTask<FrameBatch> FollowAsync(MessageQuery query, Lsn minEnd, TimeSpan patience, CancellationToken cancellationToken) =>
        waiting.FollowAsync(Dataset, ReadAsync, query, minEnd, patience, cancellationToken);

    public async ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, Lsn minEnd, CancellationToken cancellationToken)
    {
        await waiting.ReachAsync(Dataset, minEnd, cancellationToken);
        return await Dataset.Log.FindChannelAsync(channel, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, Lsn minEnd, CancellationToken cancellationToken)
    {
        await waiting.ReachAsync(Dataset, minEnd, cancellationToken);
        return await Dataset.Log.ListChannelsAsync(after, limit, cancellationToken);
    }

    public async ValueTask<LogStatus> GetStatusAsync(Lsn minEnd, CancellationToken cancellationToken)
    {
        await waiting.ReachAsync(Dataset, minEnd, cancellationToken);
        return await Dataset.Log.GetStatusAsync(cancellationToken);
    }

    public async ValueTask<Lsn> ConfirmAsync(CancellationToken cancellationToken)
    {
        await (Dataset.Log is IFreshReads fresh ? fresh.ConfirmAsync(cancellationToken) : Task.CompletedTask);
        return Dataset.Index.Committed;
    }
}
