namespace Dymes.MessageStore.Scrubbing;

/// <summary>Lets no more bytes be read in a second than may be.</summary>
/// <param name="bytesPerSecond">How many may be.</param>
/// <param name="clock">Measures the second.</param>
internal sealed class ScrubPace(long bytesPerSecond, TimeProvider clock)
{
    private long _paidUntil;

    /// <summary>Some bytes were read: waits until more may be.</summary>
    public async Task SpendAsync(int bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = clock.GetTimestamp();
        _paidUntil = Math.Max(_paidUntil, now) + (long)(bytes * (double)clock.TimestampFrequency / bytesPerSecond);
        var rest = clock.GetElapsedTime(now, _paidUntil);
        if (rest >= TimeSpan.FromMilliseconds(1)) // less is waited for with the next piece
        {
            await Task.Delay(rest, clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
