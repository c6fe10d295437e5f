using Dymes.Common;
using Dymes.Http.Answering;

namespace Dymes.Http;

/// <summary>The bytes that large requests, pages and receipts that nobody reads may hold at a time, over all connections.</summary>
internal sealed class ByteBudget(long bytesMax, HttpMetrics metrics)
{
    private long _held;

    /// <summary>Takes bytes, until they are given back.</summary>
    /// <exception cref="Refusal">There are not as many.</exception>
    public void Take(long bytes)
    {
        if (!TryTake(bytes))
        {
            throw new Refusal(Problem.Of(ErrorCode.NotReady, "Too many large requests are under way. This one was not run; send it again in a while."));
        }
    }

    /// <summary>Takes bytes, until they are given back; false where there are not as many.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= bytesMax)
        {
            metrics.CountBuffered(bytes);
            return true;
        }

        Interlocked.Add(ref _held, -bytes);
        return false;
    }

    public void GiveBack(long bytes)
    {
        if (bytes > 0)
        {
            Interlocked.Add(ref _held, -bytes);
            metrics.CountBuffered(-bytes);
        }
    }
}
