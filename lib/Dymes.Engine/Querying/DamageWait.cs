using Dymes.Common;

namespace Dymes.Engine.Querying;

/// <summary>Reads once more what was damaged when somebody has mended it; who else reads is told.</summary>
/// <param name="mend">Ends when the entry of a position is whole again, or with false when it will not be soon; null where nobody mends.</param>
/// <param name="closing">Ends the waiting.</param>
internal sealed class DamageWait(Func<Lsn, CancellationToken, Task<bool>>? mend, CancellationToken closing)
{
    /// <summary>Reads, and again after each mending that helps.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<T> read, CancellationToken cancellationToken)
    {
        Lsn? mended = null;
        while (true)
        {
            Lsn damaged;
            try
            {
                return read();
            }
            catch (DymesException error) when (mend is not null && error.Lsn is { } lsn && lsn != mended)
            {
                damaged = lsn;
            }

            if (!await MendAsync(damaged, cancellationToken).ConfigureAwait(false))
            {
                return read(); // it says what is wrong
            }

            mended = damaged;
        }
    }

    private async Task<bool> MendAsync(Lsn lsn, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing);
        try
        {
            return await mend!(lsn, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
