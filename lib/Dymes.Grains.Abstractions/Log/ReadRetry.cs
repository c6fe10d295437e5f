using Dymes.Common;

namespace Dymes.Grains.Abstractions.Log;

/// <summary>Asks again where a read was lost on the way, at growing intervals. Reads change nothing, so asking twice is harmless.</summary>
internal sealed class ReadRetry(TimeProvider clock)
{
    private const int AttemptsMax = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(2);

    /// <summary>For calls that somebody waits for: a few attempts with three seconds between them in all, then the error. They are told their number, from 1.</summary>
    public ValueTask<T> AFewTimesAsync<T>(Func<int, ValueTask<T>> read, CancellationToken cancellationToken) => RunAsync(read, AttemptsMax, cancellationToken);

    /// <summary>For subscriptions, which outlive any outage: until there is an answer or the subscriber leaves.</summary>
    public ValueTask<T> UntilAnsweredAsync<T>(Func<int, ValueTask<T>> read, CancellationToken cancellationToken) => RunAsync(read, int.MaxValue, cancellationToken);

    private async ValueTask<T> RunAsync<T>(Func<int, ValueTask<T>> read, int attemptsMax, CancellationToken cancellationToken)
    {
        var delay = FirstDelay;
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await read(attempt).ConfigureAwait(false);
            }
            catch (Exception error) when (IsPassing(error))
            {
                if (attempt == attemptsMax)
                {
                    throw error is DymesException ? error : GrainFault.OfRead(error);
                }
            }

            await Task.Delay(delay, clock, cancellationToken).ConfigureAwait(false);
            delay = delay * 2 < DelayMax ? delay * 2 : DelayMax;
        }
    }

    private static bool IsPassing(Exception error) => GrainFault.IsTransport(error) || error is DymesException { Code: ErrorCode.NotReady };
}
