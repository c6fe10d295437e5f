using Dymes.Common;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Abstractions.Log;
using Dymes.Grains.Hosting;
using Dymes.Message.Log;
using Microsoft.Extensions.Hosting;

namespace Dymes.Grains.Index;

/// <summary>How a grain waits for messages to come: not longer than its caller has patience, and not at all once the silo stops.</summary>
internal sealed class LogPatience(TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>Waits a moment until this silo has the log up to an end that its caller knows of, and returns the end that it has.</summary>
    /// <exception cref="DymesException">It lags further behind than that.</exception>
    public async ValueTask<Lsn> ReachAsync(HostedDataset dataset, Lsn minEnd, CancellationToken cancellationToken)
    {
        if (dataset.Index.Committed is var committed && committed >= minEnd)
        {
            return committed;
        }

        using var tired = new CancellationTokenSource(GrainLimits.LagMax, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(tired.Token, lifetime.ApplicationStopping, cancellationToken);
        try
        {
            return await dataset.Index.WaitBeyondAsync(new Lsn(minEnd.Value - 1), end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DymesException(
                ErrorCode.NotReady,
                $"The silo that was asked has the log up to {dataset.Index.Committed}, and the read wants it up to {minEnd}: it is catching up. Ask again in a while, or for consistency stale.");
        }
    }

    /// <summary>Reads until there is something to tell, or patience ends.</summary>
    /// <param name="dataset">Whose growth is waited for.</param>
    /// <param name="read">The grain's own reading.</param>
    /// <param name="query">What is asked.</param>
    /// <param name="minEnd">The end of the log that the answer includes at least.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async ValueTask<FrameBatch> FollowAsync(
        HostedDataset dataset,
        Func<MessageQuery, Lsn, CancellationToken, ValueTask<FrameBatch>> read,
        MessageQuery query,
        Lsn minEnd,
        TimeSpan patience,
        CancellationToken cancellationToken)
    {
        using var tired = new CancellationTokenSource(patience < GrainLimits.PatienceMax ? patience : GrainLimits.PatienceMax, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(tired.Token, lifetime.ApplicationStopping, cancellationToken);
        while (true)
        {
            var batch = await read(query, minEnd, cancellationToken);
            if (batch.Count > 0 || !batch.IsLast || patience <= TimeSpan.Zero || end.IsCancellationRequested)
            {
                return batch;
            }

            try
            {
                await dataset.Index.WaitBeyondAsync(batch.Committed, end.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return batch;
            }

            query = query.Beyond(batch);
        }
    }
}
