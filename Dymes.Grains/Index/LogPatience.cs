using Dymes.Grains.Abstractions;
using Dymes.Grains.Abstractions.Log;
using Dymes.Grains.Hosting;
using Dymes.Message.Log;
using Microsoft.Extensions.Hosting;

namespace Dymes.Grains.Index;

/// <summary>How a grain waits for messages to come: not longer than its caller has patience, and not at all once the silo stops.</summary>
internal sealed class LogPatience(TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>Reads until there is something to tell, or patience ends.</summary>
    /// <param name="dataset">Whose growth is waited for.</param>
    /// <param name="read">The grain's own reading.</param>
    /// <param name="query">What is asked.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async ValueTask<FrameBatch> FollowAsync(
        HostedDataset dataset,
        Func<MessageQuery, CancellationToken, ValueTask<FrameBatch>> read,
        MessageQuery query,
        TimeSpan patience,
        CancellationToken cancellationToken)
    {
        using var tired = new CancellationTokenSource(patience < GrainLimits.PatienceMax ? patience : GrainLimits.PatienceMax, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(tired.Token, lifetime.ApplicationStopping, cancellationToken);
        while (true)
        {
            var batch = await read(query, cancellationToken);
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
