namespace Dymes.Client.Calls;

/// <summary>Ends a stream that has been silent for too long. Every sign of life starts the time anew.</summary>
internal sealed class SilenceWatch : IDisposable
{
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenSource _ending;
    private readonly TimeSpan _silenceMax;

    public SilenceWatch(CancellationTokenSource silence, TimeSpan silenceMax, CancellationToken cancellationToken)
    {
        _silence = silence;
        _silenceMax = silenceMax;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
    }

    public TimeSpan Limit => _silenceMax;

    public CancellationToken Token => _ending.Token;

    /// <summary>Starts waiting for the next sign.</summary>
    public void Listen() => _silence.CancelAfter(_silenceMax);

    /// <summary>Stops the time while the reader is busy with what came.</summary>
    public void Pause() => _silence.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _ending.Dispose();
        _silence.Dispose();
    }
}
