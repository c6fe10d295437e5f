using Dymes.Common;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Scrubbing;
using Microsoft.Extensions.Logging;

namespace Dymes.MessageStore.Segments;

/// <summary>
/// Makes damaged index files of a replica again away from its writer: whoever holds the store's gate must not wait for a whole message file to be read, or for what is damaged of that too to come
/// from the others. He is told that it cannot be known now. All others make an index again where they are. Safe for concurrent use.
/// </summary>
/// <param name="segments">Know which entry holds a message.</param>
/// <param name="reports">Tell whoever mends entries.</param>
/// <param name="clock">Measures the time between attempts.</param>
/// <param name="logger">Where it is told what cannot be made again.</param>
internal sealed class IndexHealing(SegmentList segments, DamageReports reports, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);
    private readonly Lock _lock = new();
    private readonly Dictionary<SelfHealingIndex, Task> _underWay = [];
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _isIdle = true;

    /// <summary>The store's gate.</summary>
    public required object Gate { get; init; }

    /// <summary>Whether no index is being made again for the writer.</summary>
    public bool IsIdle => _isIdle;

    /// <summary>Ends when what is being made again now is made, or cannot be.</summary>
    public Task Settled
    {
        get
        {
            lock (_lock)
            {
                return Task.WhenAll(_underWay.Values);
            }
        }
    }

    /// <summary>Lets all but the writer make an index again; for him it is begun.</summary>
    /// <param name="index">The index.</param>
    /// <param name="makeAgain">Makes it.</param>
    /// <exception cref="DymesException">It is the writer who asks.</exception>
    public void LeaveWriter(SelfHealingIndex index, Action makeAgain)
    {
        if (!Monitor.IsEntered(Gate))
        {
            return;
        }

        lock (_lock)
        {
            if (!_underWay.ContainsKey(index))
            {
                _isIdle = false;
                _underWay.Add(index, Task.Run(() => HealAsync(index, makeAgain)));
            }
        }

        throw new DymesException(ErrorCode.StorageDamaged, $"The index of segment {index.Summary.SegmentNumber} is damaged and is being made again. Ask again in a moment.");
    }

    /// <summary>Does something, and again each time that damage which it met is mended. False where it met some that is not mended.</summary>
    /// <exception cref="OperationCanceledException">The store is closed.</exception>
    public async Task<bool> TryAsync(Action act)
    {
        ulong? told = null;
        while (true)
        {
            try
            {
                act();
                return true;
            }
            catch (DymesException error) when (error.Code == ErrorCode.StorageDamaged)
            {
                if (DamagedOpOf(error) is not { } damaged || damaged == told)
                {
                    logger.LogError("{Reason}", error.Message);
                    return false;
                }

                told = damaged;
            }

            await reports.TellAsync(told.Value, _stop.Token).ConfigureAwait(false);
            await reports.SettleAsync(_stop.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Tries to do something until it can be done.</summary>
    /// <exception cref="OperationCanceledException">The store is closed.</exception>
    public async Task UntilMendedAsync(Action act)
    {
        for (var rest = FirstRest; !await TryAsync(act).ConfigureAwait(false); rest = rest * 2 < LongestRest ? rest * 2 : LongestRest)
        {
            await Task.Delay(rest, clock, _stop.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for nothing any more.</summary>
    public void Stop()
    {
        _stop.Cancel();
        Settled.Wait();
    }

    private ulong? DamagedOpOf(DymesException error)
    {
        foreach (var segment in segments.All)
        {
            if (segment.FirstLost is { } lost)
            {
                return lost.Op;
            }
        }

        return error.Lsn is { } lsn && segments.Of(lsn) is var holder ? holder.OpOf(holder.RowOf(lsn)) : null;
    }

    private async Task HealAsync(SelfHealingIndex index, Action makeAgain)
    {
        try
        {
            await TryAsync(makeAgain).ConfigureAwait(false); // where that fails it is tried again when an append needs it
        }
        catch (OperationCanceledException)
        {
            // the store is closed
        }
        catch (Exception error) // the edge of a background task
        {
            logger.LogError(error, "The index of segment {Segment} cannot be made again.", index.Summary.SegmentNumber);
        }
        finally
        {
            lock (_lock)
            {
                _underWay.Remove(index);
                _isIdle = _underWay.Count == 0;
            }
        }
    }
}
