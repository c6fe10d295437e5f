using Dymes.Common;
using Dymes.Http.Answering;

namespace Dymes.Http;

/// <summary>The bytes that large requests and pages may hold at a time, over all connections.</summary>
internal sealed class ByteBudget(long bytesMax)
{
    private long _held;

    /// <summary>Takes bytes, until they are given back.</summary>
    /// <exception cref="Refusal">There are not as many.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) > bytesMax)
        {
            Interlocked.Add(ref _held, -bytes);
            throw new Refusal(Problem.Of(ErrorCode.NotReady, "Too many large requests are under way. This one was not run; send it again in a while."));
        }
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _held, -bytes);
}
