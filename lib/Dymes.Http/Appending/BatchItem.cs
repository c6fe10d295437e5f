using System.Buffers;
using Dymes.Http.Answering;

namespace Dymes.Http.Appending;

/// <summary>A part of a batch: the bytes of one message, or why there are none.</summary>
/// <param name="Line">Which it is, from 1: the line of NDJSON, the element of an array, the frame.</param>
/// <param name="Bytes">Its bytes, in the connection's buffer.</param>
/// <param name="Problem">Set where the part cannot be read.</param>
internal readonly record struct BatchItem(long Line, ReadOnlySequence<byte> Bytes, Problem? Problem);

/// <summary>Cuts a body into its parts as it comes.</summary>
internal interface IBatchItems
{
    /// <summary>Takes the next part off the front of <paramref name="buffer"/>. What it leaves there must be there again at the next call.</summary>
    /// <param name="buffer">What has come and was not taken yet.</param>
    /// <param name="isLast">Whether nothing comes any more.</param>
    /// <param name="item">The part.</param>
    /// <returns>False where more bytes are needed, or there is no more part.</returns>
    bool TryTake(ref ReadOnlySequence<byte> buffer, bool isLast, out BatchItem item);
}
