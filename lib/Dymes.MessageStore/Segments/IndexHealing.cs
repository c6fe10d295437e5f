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
/// <param name="logger">Where it is told what cannot be made again.</param>
internal sealed class IndexHealing(SegmentList segments, DamageReports reports, ILogger logger)
{
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

    /// <summary>Does something, and again each time that damage which it met is mended.</summary>
    public async Task WhenMendedAsync(Action act)
    {
        Lsn? mended = null;
        while (true)
        {
            try
            {
                act();
                return;
            }
            catch (DymesException error) when (error.Lsn is { } lsn && lsn != mended)
            {
                mended = lsn;
            }

            var segment = segments.Of(mended.Value);
            await reports.TellAsync(segment.OpOf(segment.RowOf(mended.Value)), _stop.Token).ConfigureAwait(false);
            await reports.SettleAsync(_stop.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for nothing any more.</summary>
    public void Stop()
    {
        _stop.Cancel();
        Settled.Wait();
    }

    private async Task HealAsync(SelfHealingIndex index, Action makeAgain)
    {
        try
        {
            await WhenMendedAsync(makeAgain).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // the store is closed
        }
        catch (Exception error) // the edge of a background task
        {
            logger.LogError(error, "The index of segment {Segment} cannot be made again now; it is tried again when an append needs it.", index.Summary.SegmentNumber);
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
