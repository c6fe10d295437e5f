namespace Dymes.MessageStore.Scrubbing;

/// <summary>The damage that whoever mends was told of, and has not mended: he is told of no more at a time than he remembers. Safe for concurrent use.</summary>
/// <param name="tell">Tells of a damaged entry.</param>
/// <param name="clock">Measures how long nothing was mended.</param>
internal sealed class DamageReports(Action<ulong> tell, TimeProvider clock)
{
    private const int OpenMax = 128;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly HashSet<ulong> _open = [];
    private TaskCompletionSource _mended = NewSource();

    /// <summary>Tells of a damaged entry, once there is room for it.</summary>
    public async Task TellAsync(ulong op, CancellationToken cancellationToken)
    {
        await UntilOpenAsync(OpenMax - 1, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            _open.Add(op);
        }

        tell(op);
    }

    /// <summary>Waits until everything is mended, or nothing is any more.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => UntilOpenAsync(0, cancellationToken);

    /// <summary>An entry is whole again.</summary>
    public void OnMended(ulong op)
    {
        lock (_gate)
        {
            if (_open.Remove(op))
            {
                _mended.SetResult();
                _mended = NewSource();
            }
        }
    }

    private async Task UntilOpenAsync(int most, CancellationToken cancellationToken)
    {
        while (Next(most) is { } next)
        {
            try
            {
                await next.WaitAsync(Patience, clock, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                lock (_gate)
                {
                    _open.Clear(); // nobody can mend it now: it is found again by the next pass, or by who reads it
                }
            }
        }
    }

    private Task? Next(int most)
    {
        lock (_gate)
        {
            return _open.Count > most ? _mended.Task : null;
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
