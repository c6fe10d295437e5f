using System.Security.Cryptography;

namespace Dymes.Client.Calls;

/// <summary>How long to wait before the next try, and when to give up.</summary>
internal sealed class RetryPolicy(DymesClientOptions options, TimeProvider clock, CallLog log)
{
    /// <summary>The clock of all waits.</summary>
    public TimeProvider Clock => clock;

    /// <summary>Starts counting the tries of one call.</summary>
    public Patience Begin() => new(options, clock, log);
}

/// <summary>The patience that is left with one call. Not thread-safe.</summary>
internal sealed class Patience(DymesClientOptions options, TimeProvider clock, CallLog log)
{
    private const int JitterSteps = 1024;

    private long _firstFailure;
    private int _failures;
    private int _unreachable;

    /// <summary>Something came: the next failure is a first one again.</summary>
    public void Renew()
    {
        _failures = 0;
        _unreachable = 0;
    }

    /// <summary>Waits before the next try.</summary>
    /// <returns>False where there shall be none.</returns>
    public async ValueTask<bool> WaitAsync(FailedAttempt failure, int addressCount, CancellationToken cancellationToken)
    {
        if (_failures++ == 0)
        {
            _firstFailure = clock.GetTimestamp();
        }

        // Where there is another address, nothing is gained by waiting before it was asked once.
        _unreachable = failure.IsNodeGone ? _unreachable + 1 : 0;
        var goesOnAtOnce = _unreachable > 0 && _unreachable % addressCount != 0;
        var wait = goesOnAtOnce ? TimeSpan.Zero : Wait(failure.RetryAfter);
        if (options.RetryDuration == TimeSpan.Zero || clock.GetElapsedTime(_firstFailure) + wait > options.RetryDuration)
        {
            return false;
        }

        log.Retrying(failure.Trouble.Message, _failures, wait, options.RetryDuration);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    // Half of the wait is random, so that the clients of a node that comes back do not come back together.
    private TimeSpan Wait(TimeSpan? asked)
    {
        var doublings = Math.Min(_failures - 1, 16);
        var ceiling = Math.Min(options.BackoffFirst.TotalMilliseconds * (1 << doublings), options.BackoffMax.TotalMilliseconds);
        var wait = TimeSpan.FromMilliseconds(ceiling * (0.5 + (RandomNumberGenerator.GetInt32(JitterSteps) / (2.0 * JitterSteps))));
        return asked is { } longer && longer > wait ? longer : wait;
    }
}
